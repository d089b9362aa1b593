import { describe, expect, it } from "vitest";
import { FailureError } from "../../../cli/errors/failure.ts";
import { suggestCommand } from "../../../cli/suggest-command.ts";

const command = (id: string, { args = [], flags = ["env"] }: { args?: string[]; flags?: string[] } = {}) => ({
  id,
  hidden: false,
  args: Object.fromEntries(args.map((name) => [name, {}])),
  flags: Object.fromEntries(flags.map((name) => [name, {}])),
});
const config = {
  commands: [
    command("cost"),
    command("demo", { flags: [] }),
    command("deploy"),
    command("deploy:rollback"),
    command("env:show", { args: ["name"] }),
    command("mail"),
    command("mail:failed"),
    command("mail:retry", { args: ["mail"] }),
    command("scale:apply", { flags: ["env", "step"] }),
    command("scale:status"),
  ],
} as never;

const refusal = (typed: string) => {
  try {
    suggestCommand(config, typed.split(" "));
  } catch (error) {
    if (error instanceof FailureError && error.failure.code === "configuration") return error.failure;
    throw error;
  }
  return undefined;
};

describe("what is typed", () => {
  it.each(["scale", "scale status --env a", "mail retry 1", "env show demo", "help nope", "--version"])(
    "is let through when it is %j",
    (typed) => expect(refusal(typed)).toBeUndefined(),
  );

  it.each([
    ["scale aply", "scale apply"],
    ["scale stauts demo", "scale status"],
    ["mail faled", "mail failed"],
    ["deploy rolback", "deploy rollback"],
    ["scal", "scale"],
  ])("as %j has %j near it", (typed, near) => {
    expect(refusal(typed)).toMatchObject({
      what: `"${typed}" is not a shopctl command`,
      why: `the nearest is "${near}"`,
      next: [`shopctl ${near} --help`, "shopctl help"],
    });
  });

  it.each(["version", "nope", "apply-everything"])("as %j has nothing near it", (typed) => {
    expect(refusal(typed)).toMatchObject({ why: "none is near it", next: ["shopctl help"] });
  });

  it("in a topic with nothing near it is sent to the topic's help", () => {
    expect(refusal("scale everything")?.next).toEqual(["shopctl scale --help", "shopctl help"]);
  });

  it("behind a command that takes steps by a flag is told of the flag", () => {
    expect(refusal("scale apply tier-pro")).toMatchObject({
      what: '`shopctl scale apply` takes no "tier-pro"',
      why: "if that names what it is about, say --step tier-pro or --env tier-pro",
      next: ["shopctl scale apply --step tier-pro", "shopctl scale apply --env tier-pro", "shopctl scale apply --help"],
    });
  });

  it("behind a command that takes an environment by a flag is told of that one, or of nothing", () => {
    expect(refusal("scale status demo")?.next).toEqual([
      "shopctl scale status --env demo",
      "shopctl scale status --help",
    ]);
    expect(refusal("demo 3")).toMatchObject({ why: "it has flags only", next: ["shopctl demo --help"] });
  });
});
