import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { linkFile } from "../../../infra/engine/link-file.ts";
import { removeDead } from "../../../infra/engine/remove-dead.ts";

/** In these tests a holder is a word, and those that begin with "dead" are dead. */
const isDead = async (content: string): Promise<boolean> => content.startsWith("dead");

describe("a dead holder's lock", () => {
  let folder = "";
  let file = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "remove-dead-"));
    file = join(folder, "lock");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is removed, and nothing else is left", async () => {
    writeFileSync(file, "dead");
    expect(await removeDead({ file, content: "dead", isDead }, "me")).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("stays when another has it by now", async () => {
    writeFileSync(file, "another");
    expect(await removeDead({ file, content: "dead", isDead }, "me")).toBe(false);
    expect(readFileSync(file, "utf8")).toBe("another");
  });

  it("stays while somebody who lives is about to remove it", async () => {
    writeFileSync(file, "dead");
    writeFileSync(`${file}.takeover`, "another");
    expect(await removeDead({ file, content: "dead", isDead }, "me")).toBe(false);
    expect(readdirSync(folder)).toEqual(["lock", "lock.takeover"]);
  });

  it("goes at the next try when who was about to remove it died", async () => {
    writeFileSync(file, "dead");
    writeFileSync(`${file}.takeover`, "dead remover");
    expect(await removeDead({ file, content: "dead", isDead }, "me")).toBe(false);
    expect(await removeDead({ file, content: "dead", isDead }, "me")).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("goes to one of many, round for round", async () => {
    for (let round = 0; round < 50; round += 1) {
      writeFileSync(file, "dead");
      const take = async (_: unknown, n: number): Promise<boolean> => {
        await removeDead({ file, content: "dead", isDead }, `holder ${n}`);
        return await linkFile(file, `holder ${n}`);
      };
      const taken = await Promise.all(Array.from({ length: 20 }, take));
      expect(taken.filter(Boolean)).toHaveLength(1);
      rmSync(file);
    }
  });
});
