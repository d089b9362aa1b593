import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "shopctl a fresh clone "));
  mkdirSync(join(root, "bin"));
  copyFileSync(join(import.meta.dirname, "../../../bin/shopctl"), join(root, "bin/shopctl"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const start = (file: string, ...words: string[]) => spawnSync(file, words, { encoding: "utf8" });

test("a clone that was not set up says so in one line", () => {
  const { status, stdout, stderr } = start(join(root, "bin/shopctl"), "doctor");
  expect([status, stdout, stderr]).toEqual([2, "", `shopctl is not set up yet: run \`npm run setup\` in ${root}\n`]);
});

test("one that was built is started, by a link too, with its words as they are", () => {
  mkdirSync(join(root, "dist/cli"), { recursive: true });
  writeFileSync(join(root, "dist/cli/run.js"), "console.log(JSON.stringify(process.argv.slice(2)))");
  symlinkSync(join(root, "bin/shopctl"), join(root, "link"));
  const { status, stdout } = start(join(root, "link"), "a b", "--c");
  expect([status, stdout]).toEqual([0, '["a b","--c"]\n']);
});
