import type { Finding } from "../adapters/diagnose.ts";
import { columns } from "./columns.ts";
import { style } from "./style.ts";

const marks = { ok: style.green("✔"), warning: style.yellow("!"), error: style.red("✖") };

/** `doctor` for people: each thing that was looked at, then the commands that mend what is wrong. */
export function renderFindings(findings: readonly Finding[]): string {
  const fixes = [...new Set(findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix])))];
  const table = columns(findings.map(({ what, level, found }) => [marks[level], what, found]));
  if (fixes.length === 0) return `${table}\n\nNothing is missing.`;
  return [table, "", "To mend it:", ...fixes.map((fix) => `  ${style.cyan(fix)}`)].join("\n");
}
