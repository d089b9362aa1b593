import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const commands = readFileSync(join(import.meta.dirname, "../../../docs/commands.md"), "utf8");

test("no usage has an alternative of nothing, which oclif makes of flags that exclude each other twice", () => {
  const usages = [...commands.matchAll(/^USAGE\n((?: .*\n)+)/gm)].map(([, lines = ""]) =>
    lines.replaceAll(/\s+/g, " "),
  );
  expect(usages.length).toBeGreaterThan(30);
  expect(usages.filter((usage) => /\| [|\]]/.test(usage))).toEqual([]);
});
