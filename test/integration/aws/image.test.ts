import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writablePath } from "../../../infra/aws/components/container.ts";
import { nodeArguments } from "../../../infra/local/provider/resources/node-arguments.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const instructions = parse(readFileSync(join(root, "Dockerfile"), "utf8"));
const stages = Map.groupBy(instructions, ({ stage }) => stage);
const ignored = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
const final = ["shop", "pooler"];

describe("the Dockerfile", () => {
  it("begins every stage at an exact version", () => {
    for (const { name, words } of instructions)
      if (name === "FROM") expect(words[0]).toMatch(/^[a-z]+:\d+\.\d+(\.\d+)?-[a-z-]+$/);
  });

  it.each(final)("makes %s run as nobody in particular, say whether it is well, and start without a shell", (stage) => {
    const own = stages.get(stage) ?? [];
    expect(own.findLast(({ name }) => name === "USER")?.words).toEqual(["10001:10001"]);
    expect(own.some(({ name }) => name === "HEALTHCHECK")).toBe(true);
    expect(own.findLast(({ name }) => name === "CMD")?.words[0]).toMatch(/^\["/);
    // Nothing is written by a step after the account that runs it is chosen.
    expect(own.slice(own.findIndex(({ name }) => name === "USER")).map(({ name }) => name)).not.toContain("RUN");
  });

  it.each(final)(
    "lets %s write where its tasks mount a volume, which is root's alone where the image has none",
    (stage) => {
      const own = stages.get(stage) ?? [];
      expect(own.filter(({ name }) => name === "VOLUME").map(({ words }) => words.join(" "))).toEqual([
        JSON.stringify([writablePath]),
      ]);
      // What a later step writes there is not in the volume.
      expect(own.slice(own.findIndex(({ name }) => name === "VOLUME")).map(({ name }) => name)).not.toContain("RUN");
    },
  );

  it("starts the shop with the arguments that it has on one machine, beside those of the tier's memory", () => {
    const fixed = nodeArguments(512).filter((argument) => !argument.startsWith("--max-"));
    expect(fixed.length).toBeGreaterThan(0);
    const command = stages
      .get("shop")
      ?.findLast(({ name }) => name === "CMD")
      ?.words.join(" ");
    expect(JSON.parse(command ?? "")).toEqual(["node", ...fixed, "main.js"]);
  });

  it("takes neither compilers nor sources into an image that runs", () => {
    const copied = final.flatMap((stage) => (stages.get(stage) ?? []).filter(({ name }) => name === "COPY"));
    for (const { words } of copied) {
      const sources = words.filter((word) => !word.startsWith("--")).slice(0, -1);
      for (const source of sources) expect(source).toMatch(/^\/(build\/dist\/service|rds\.pem)$|^infra\/aws\/images\//);
    }
  });

  it("copies from the project only what there is, and what .dockerignore lets through", () => {
    const sources = instructions.flatMap(({ name, words }) =>
      name === "COPY" && !words.some((word) => word.startsWith("--from"))
        ? words.filter((word) => !word.startsWith("--")).slice(0, -1)
        : [],
    );
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      expect([source, existsSync(join(root, source))]).toEqual([source, true]);
      expect(ignored).toContain(`!${source.split("/")[0]}`);
    }
    expect(ignored).toContain("*");
  });
});

describe("the files of the image", () => {
  const app = mkdtempSync(join(tmpdir(), "image-"));
  cpSync(join(root, "dist", "service"), app, { recursive: true });
  afterAll(() => rmSync(app, { recursive: true }));

  it.each([
    ["migrate.js", "SHOP_MIGRATE_URL is not set"],
    ["task.js", "usage: SHOP_TASK_URL"],
    ["indexes.js", "usage: SHOP_INDEXES_URL"],
    ["seed.js", "usage: SHOP_SEED_URL"],
    ["facts.js", "usage: SHOP_FACTS_URL"],
    ["main.js", "SHOP_"],
    ["worker.js", "SHOP_"],
  ])("hold all that %s needs to start", (program, says) => {
    const { status, stderr } = run(app, program);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/ERR_MODULE_NOT_FOUND|Cannot find/);
    expect(status).toBeGreaterThan(0);
  });
});

/** Started as the image starts it, but told nothing: it must get as far as saying what it lacks. */
function run(folder: string, program: string): { readonly status: number; readonly stderr: string } {
  try {
    execFileSync(process.execPath, [program], {
      cwd: folder,
      env: { NODE_ENV: "production" },
      stdio: "pipe",
      timeout: 20_000,
    });
    return { status: 0, stderr: "" };
  } catch (error) {
    const { status, stderr, stdout } = error as { status: number; stderr: Buffer; stdout: Buffer };
    return { status, stderr: `${stderr.toString()}${stdout.toString()}` };
  }
}

interface Instruction {
  readonly stage: string;
  readonly name: string;
  readonly words: readonly string[];
}

/** Instructions with the stage they belong to; comments are out, continued lines in one. */
function parse(text: string): readonly Instruction[] {
  const lines = text
    .replaceAll(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
  let stage = "";
  return lines.map((line) => {
    const [name = "", ...words] = line.trim().split(/\s+/);
    if (name === "FROM") stage = words.at(-1) ?? "";
    return { stage, name, words };
  });
}
