import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Difference } from "./difference.ts";

/**
 * A generated file against what it was written with. Only numbers of lines are told: some files hold passwords. Comments
 * and empty lines make no difference to a server.
 */
export async function compareFile(path: string, content: string): Promise<readonly Difference[]> {
  const what = basename(path);
  const found = await readFile(path, "utf8").catch(() => undefined);
  if (found === content) return [];
  if (found === undefined) return [{ what, expected: "a file", found: "none that can be read", harm: "serious" }];
  const harm = effective(found) === effective(content) ? "harmless" : "serious";
  return [
    { what, expected: "as it was written", found: `changed from line ${firstDifferent(found, content)} on`, harm },
  ];
}

function effective(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^[#;]/.test(line))
    .join("\n");
}

function firstDifferent(found: string, content: string): number {
  const wanted = content.split("\n");
  const lines = found.split("\n");
  const at = lines.findIndex((line, index) => line !== wanted[index]);
  return (at < 0 ? lines.length : at) + 1;
}
