import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFolder, requireWritableFolder } from "../../../infra/engine/make-folder.ts";

describe("a folder", () => {
  let root = "";
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "shopctl-folder-"))));
  afterEach(() => rmSync(root, { recursive: true }));

  it("is made with those on the way to it, and is fine when it is there", async () => {
    const folder = join(root, "a", "b", "c");
    await Promise.all([makeFolder(folder, 0o700), makeFolder(folder, 0o700)]);
    await makeFolder(folder, 0o700);
    expect([statSync(folder).mode & 0o777, statSync(join(root, "a")).mode & 0o777]).toEqual([0o700, 0o700]);
  });

  it("below a file is none", async () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    await expect(makeFolder(join(file, "a", "b"), 0o755)).rejects.toMatchObject({ code: "ENOTDIR" });
    await expect(requireWritableFolder(join(file, "a"))).rejects.toThrow(`${file} is no folder`);
  });

  it.runIf(process.platform === "linux")("below /proc is refused at once, and is not tried for ever", async () => {
    await expect(makeFolder("/proc/nowhere/a/b", 0o755)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("that is missing would be made in the nearest one above", async () => {
    expect(await requireWritableFolder(join(root, "a", "b"))).toBe(root);
    expect(await requireWritableFolder(root)).toBe(root);
  });

  it.skipIf(process.getuid?.() === 0)("of somebody else is not to be written to", async () => {
    chmodSync(root, 0o500);
    await expect(requireWritableFolder(join(root, "a"))).rejects.toMatchObject({ code: "EACCES" });
  });
});
