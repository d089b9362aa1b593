import { EngineError, type EngineErrorCode } from "../engine.ts";
import type { EventMapper } from "./map-event.ts";

/** What the CLI says, and the code it stands for; the first that fits counts. */
const sentences: readonly (readonly [RegExp, EngineErrorCode])[] = [
  [/the stack is currently locked by|Another update is currently in progress/i, "locked"],
  [/no stack named .* found/i, "no-such-stack"],
  [/no changes were expected but changes/i, "unexpected-changes"],
  [/incorrect passphrase|passphrase must be set/i, "configuration"],
  [
    /snapshot integrity failure|failed to load checkpoint|unmarshal.*checkpoint|unexpected end of JSON/i,
    "state-corrupt",
  ],
];

/** A failure of the CLI as shopctl's error; `events` tells a failed resource from a failed program. */
export function toEngineError(cause: unknown, events?: EventMapper, cancelled = false): EngineError {
  if (cause instanceof EngineError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (cancelled) return new EngineError("cancelled", "the operation was cancelled", { cause });
  const known = sentences.find(([pattern]) => pattern.test(text))?.[1];
  const code = known ?? (events?.resourceFailed === true ? "resource-failed" : "configuration");
  const said = events?.errors ?? [];
  const message = said.length > 0 && known === undefined ? said.join("\n") : (errorLines(text) ?? text);
  const holder = code === "locked" ? holderIn(text) : undefined;
  return new EngineError(code, message, { cause, ...(holder === undefined ? {} : { holder }) });
}

/** The `error:` lines of the CLI's output, without the command line and the environment around them. */
function errorLines(text: string): string | undefined {
  const lines = text.split("\n").flatMap((line) => /^\s*error: (.*)$/.exec(line)?.[1] ?? []);
  return lines.length === 0 ? undefined : lines.join("\n");
}

function holderIn(text: string): EngineError["holder"] {
  const match = /created by (\S+) \(pid (\d+)\) at (\S+)/.exec(text);
  if (match === null) return undefined;
  const [, who = "", pid = "0", startedAt = ""] = match;
  return { pid: Number(pid), startedAt, command: `pulumi of ${who}`, alive: true };
}
