import type { LogLine, Target } from "../../infra/target.ts";

export interface LastLogs {
  /** Name of a process, or `web` for all instances; all when left out. */
  readonly process?: string;
  /** Last lines to begin with, of all chosen processes together. */
  readonly lines: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/**
 * The last log lines of the processes that there are now, newest last; then, with `follow`, new ones of whatever runs. A
 * process that is gone speaks only when it is named, or when nothing is left of the environment's processes. Throws
 * OperationError `unknown-process`.
 */
export async function* readLastLogs(target: Target, request: LastLogs): AsyncGenerator<LogLine> {
  const last: LogLine[] = [];
  for await (const line of target.readLogs({ ...request, follow: false })) last.push(line);
  yield* newest(last, request, await target.livingProcesses());
  if (!request.follow) return;
  const seen = new Seen(last);
  for await (const line of target.readLogs(request)) {
    if (!seen.take(line)) yield line;
  }
}

/** The newest `lines` of living processes. */
export function newest(
  last: readonly LogLine[],
  { process, lines }: Pick<LastLogs, "process" | "lines">,
  living: ReadonlySet<string>,
): readonly LogLine[] {
  const isNamed = process !== undefined && process !== "web";
  const alive = last.filter((line) => living.has(line.process));
  const shown = isNamed || alive.length === 0 ? last : alive;
  return shown.slice(Math.max(0, shown.length - lines));
}

/** Following begins with the last lines again, so that none is lost between the two readings: each is taken out once. */
class Seen {
  readonly #counts = new Map<string, number>();

  constructor(lines: readonly LogLine[]) {
    for (const line of lines) this.#counts.set(keyOf(line), (this.#counts.get(keyOf(line)) ?? 0) + 1);
  }

  take(line: LogLine): boolean {
    const count = this.#counts.get(keyOf(line)) ?? 0;
    if (count > 0) this.#counts.set(keyOf(line), count - 1);
    return count > 0;
  }
}

function keyOf({ process, at, text }: LogLine): string {
  return `${process} ${at} ${text}`;
}
