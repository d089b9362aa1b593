import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { diagnose, type Finding } from "../../../cli/adapters/diagnose.ts";

describe("doctor, of the state folder", () => {
  let root = "";
  beforeEach(() => (root = mkdtempSync("/var/tmp/shopctl-doctor-")));
  afterEach(() => rmSync(root, { recursive: true }));

  const stateFolder = async (home: string): Promise<Finding | undefined> =>
    (await diagnose({ ...process.env, SHOPCTL_HOME: home })).find(({ what }) => what === "state folder");

  it("that is missing says that it will be made, and does not make it", async () => {
    const home = join(root, "a", "home");
    expect(await stateFolder(home)).toMatchObject({ level: "ok", found: expect.stringContaining("(will be made)") });
    expect(existsSync(join(root, "a"))).toBe(false);
  });

  it("that is a file, or below one, is an error", async () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    for (const home of [file, join(file, "home")]) {
      expect(await stateFolder(home)).toMatchObject({
        level: "error",
        found: expect.stringContaining(`${file} is no folder`),
      });
    }
  });

  it.runIf(process.platform === "linux")("that nobody can make ends at once with an error", async () => {
    expect(await stateFolder("/proc/nowhere")).toMatchObject({ level: "error" });
  });
});
