import type { Config } from "@oclif/core";
import { describe, expect, it } from "vitest";
import { suggestCommand } from "../../../cli/suggest-command.ts";

const ids = ["backup:create", "backup:list", "doctor", "help"];
const config = { commands: ids.map((id) => ({ id, hidden: false })) } as unknown as Config;
const check =
  (...argv: string[]) =>
  () =>
    suggestCommand(config, argv);

describe("a command that does not exist", () => {
  it("is refused with the nearest that does, also when help is asked about it", () => {
    for (const argv of [["docter"], ["help", "docter"]]) {
      expect(check(...argv)).toThrow(
        expect.objectContaining({
          failure: expect.objectContaining({
            code: "configuration",
            what: '"docter" is not a shopctl command',
            why: 'the nearest is "doctor"',
          }),
        }),
      );
    }
  });

  it("is told from commands, topics and help about them", () => {
    for (const argv of [["help"], ["help", "backup"], ["help", "backup", "list"], ["backup", "list"], ["doctor"]])
      expect(check(...argv)).not.toThrow();
  });
});
