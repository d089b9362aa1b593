import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimPorts, portOwners, releasePorts } from "../../../infra/local/supervision/port-claims.ts";

const range = { first: 43_100, count: 40 };

describe("claims of ports", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "claims-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are one to an owner, who gets the same pair again", async () => {
    const first = await claimPorts(folder, "web-1", range);
    const second = await claimPorts(folder, "web-2", range);
    expect(second.http).not.toBe(first.http);
    expect(await claimPorts(folder, "web-1", range)).toEqual(first);
    expect(new Set(await portOwners(folder))).toEqual(new Set(["web-1", "web-2"]));
    await releasePorts(folder, "web-1");
    expect(await portOwners(folder)).toEqual(["web-2"]);
  });

  it("are read while others give theirs up: instances come and go in one update", async () => {
    const cycles = Array.from({ length: 12 }, async (_, at) => {
      for (let round = 0; round < 20; round += 1) {
        await claimPorts(folder, `web-${at}`, range);
        await releasePorts(folder, `web-${at}`);
      }
    });
    await Promise.all(cycles);
    expect(readdirSync(folder)).toEqual([]);
  });
});
