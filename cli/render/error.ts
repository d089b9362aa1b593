import type { Explanation } from "../errors/explanation.ts";
import { exitCodes } from "../exit-codes.ts";
import { style } from "./style.ts";

/** An error for people: what, why, and the next command. */
export function renderError({ message, why, nextActions, exit }: Explanation): string {
  const reasons = why.filter((reason) => reason !== "");
  return [
    `${style.red("✖")} ${style.bold(message)}`,
    ...reasons.flatMap((reason, index) => indent(index === 0 ? "why:  " : "      ", reason)),
    ...nextActions.map((action, index) => `  ${index === 0 ? "next: " : "      "}${style.cyan(action)}`),
    style.dim(`  (exit ${exitCodes[exit].exit}, ${exit})`),
  ].join("\n");
}

function indent(label: string, text: string): readonly string[] {
  const [first = "", ...rest] = text.trimEnd().split("\n");
  return [`  ${label}${first}`, ...rest.map((line) => `        ${line}`)];
}

/** The same for scripts. */
export function errorObject({ exit, message, why, nextActions }: Explanation): object {
  return {
    schema: "shopctl.error/1",
    code: exit,
    exitCode: exitCodes[exit].exit,
    message,
    why: why.filter((reason) => reason !== ""),
    nextActions,
  };
}
