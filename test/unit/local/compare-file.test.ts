import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { compareFile } from "../../../infra/local/observation/compare-file.ts";

const folder = mkdtempSync(join(tmpdir(), "compare-file-"));
afterAll(() => rmSync(folder, { recursive: true }));
const written = "port 1\nrequirepass s3cret\n";

it.each<[string, string, object[]]>([
  ["is as it was written", written, []],
  [
    "has only another comment: harmless",
    `# by hand\n${written}`,
    [{ what: "file.conf", expected: "as it was written", found: "changed from line 1 on", harm: "harmless" }],
  ],
  [
    "has another setting: serious, and only its line is told",
    written.replace("s3cret", "other"),
    [{ what: "file.conf", expected: "as it was written", found: "changed from line 2 on", harm: "serious" }],
  ],
])("a generated file that %s", async (_what, content, expected) => {
  const file = join(folder, "file.conf");
  writeFileSync(file, content);
  expect(await compareFile(file, written)).toEqual(expected);
});

it("a generated file that is gone", async () => {
  expect(await compareFile(join(folder, "none.conf"), written)).toEqual([
    { what: "none.conf", expected: "a file", found: "none that can be read", harm: "serious" },
  ]);
});
