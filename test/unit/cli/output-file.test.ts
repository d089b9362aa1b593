import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireOutput, writeOutput } from "../../../cli/adapters/output-file.ts";

describe("a file that a command is to write", () => {
  let root = "";
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "shopctl-out-"))));
  afterEach(() => rmSync(root, { recursive: true }));

  it("may be in a folder that is missing: nothing is made before the end, then all of it", async () => {
    const file = join(root, "pages", "today", "report.html");
    await requireOutput({ file, option: "--out" });
    expect(existsSync(join(root, "pages"))).toBe(false);
    await writeOutput(file, "page");
    expect(readFileSync(file, "utf8")).toBe("page");
    await requireOutput({ file, option: "--out" });
  });

  it("is refused before the work when it is a folder, or below a file", async () => {
    writeFileSync(join(root, "file"), "");
    await expect(requireOutput({ file: root, option: "--out" })).rejects.toMatchObject({
      failure: { code: "configuration", what: `${root} cannot be written`, why: "it is a folder" },
    });
    await expect(requireOutput({ file: join(root, "file", "r.html"), option: "--out" })).rejects.toMatchObject({
      failure: { code: "configuration", why: `${join(root, "file")} is no folder` },
    });
  });
});
