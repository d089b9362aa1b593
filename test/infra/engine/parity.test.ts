import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { EmbeddedEngine } from "../../../infra/engine/embedded/embedded-engine.ts";
import { EngineError, type Engine } from "../../../infra/engine/engine.ts";
import { findCli } from "../../../infra/engine/pulumi-cli/find-cli.ts";
import { PulumiCliEngine } from "../../../infra/engine/pulumi-cli/pulumi-cli-engine.ts";
import { decryptedState } from "./support/decrypted-state.ts";
import { EngineWorld, type ThingSpec } from "./support/engine-world.ts";

const cli = await findCli(process.env);
const suffix = cli === undefined ? ": skipped, no pulumi on PATH" : ` ${cli.version}`;
const embedded = new EmbeddedEngine();

type Program = readonly ThingSpec[];

const chain = (key: string, value = "v"): Program => [
  { name: "base", props: { key, value } },
  { name: "user", props: { key: "@base.id", secret: "@password" } },
  { name: "pair", pair: true, props: { value: "@user.path" }, opts: { after: ["base"] } },
  { name: "loose", props: { value: "@base.size" } },
];

/** Each a list of programs, brought up one after the other; `allow` lets a refused call pass from that program on. */
const scenarios: Readonly<Record<string, readonly (Program | "allow")[]>> = {
  "creates, leaves alone, updates, replaces with dependents, drops": [
    chain("1"),
    chain("1"),
    chain("1", "other"),
    chain("2"),
    chain("2").slice(0, 2),
    [],
  ],
  "replaces by deleting first": [
    [
      { name: "a", props: { key: "1" }, opts: { deleteBeforeReplace: true } },
      { name: "b", props: { key: "@a.id" } },
      { name: "c", props: { value: "@b.path" } },
      { name: "d", opts: { after: ["a"] } },
    ],
    [
      { name: "a", props: { key: "2" }, opts: { deleteBeforeReplace: true } },
      { name: "b", props: { key: "@a.id" } },
      { name: "c", props: { value: "@b.path" } },
      { name: "d", opts: { after: ["a"] } },
    ],
    [
      { name: "a", props: { key: "2", deleteFirst: true } },
      { name: "b", props: { key: "@a.id" } },
    ],
    [
      { name: "a", props: { key: "3", deleteFirst: true } },
      { name: "b", props: { key: "@a.id" } },
    ],
  ],
  "follows aliases and keeps protect, retainOnDelete, ignoreChanges, replaceOnChanges and timeouts": [
    [
      { name: "old", props: { value: "v" } },
      { name: "child", opts: { after: ["old"] } },
      { name: "kept", opts: { protect: true, customTimeouts: { create: "1m30s", delete: "2s" } } },
      { name: "left", opts: { retainOnDelete: true } },
      {
        name: "stubborn",
        props: { value: "1", list: ["a", { b: 1 }] },
        opts: { ignoreChanges: ["value", "list[1].b"] },
      },
      {
        name: "picky",
        props: { value: "1" },
        opts: { replaceOnChanges: ["value"], additionalSecretOutputs: ["token"] },
      },
    ],
    [
      { name: "new", props: { value: "v" }, opts: { aliases: [{ name: "old" }] } },
      { name: "child", opts: { after: ["new"] } },
      { name: "kept", opts: { protect: true, customTimeouts: { create: "1m30s", delete: "2s" } } },
      {
        name: "stubborn",
        props: { value: "2", list: ["a", { b: 2 }] },
        opts: { ignoreChanges: ["value", "list[1].b"] },
      },
      { name: "picky", props: { value: "2" }, opts: { additionalSecretOutputs: ["token"] } },
    ],
  ],
  "uses explicit providers, in components too, and changes their configuration": [
    [
      { name: "own", pair: "provider", props: { region: "here" } },
      { name: "a", opts: { provider: "own" } },
      { name: "p", pair: true, props: { value: "x" }, opts: { provider: "own" } },
    ],
    [
      { name: "own", pair: "provider", props: { region: "there" } },
      { name: "a", opts: { provider: "own" } },
      { name: "p", pair: true, props: { value: "x" }, opts: { provider: "own" } },
    ],
    [{ name: "a" }],
  ],
  "keeps what was made when a creation fails, and goes on": [
    [{ name: "gone" }, { name: "a", props: { value: "1" } }],
    [
      { name: "a", props: { value: "2" } },
      { name: "b", props: { fail: "create" }, opts: { after: ["a"] } },
      { name: "c", opts: { after: ["b"] } },
    ],
    "allow",
    [
      { name: "a", props: { value: "2" } },
      { name: "b", props: { fail: "create" }, opts: { after: ["a"] } },
      { name: "c", opts: { after: ["b"] } },
    ],
  ],
  "keeps a failed update and a failed deletion for the next time": [
    [
      { name: "a", props: { value: "1", fail: "update" } },
      { name: "b", props: { key: "1", fail: "delete" }, opts: { after: ["a"] } },
    ],
    [{ name: "a", props: { value: "2", fail: "update" } }],
    [
      { name: "a", props: { value: "1", fail: "update" } },
      { name: "b", props: { key: "2" }, opts: { after: ["a"] } },
    ],
    "allow",
    [{ name: "a", props: { value: "3", fail: "update" } }],
  ],
  "refuses to delete or replace what is protected": [
    [{ name: "a", props: { key: "1" }, opts: { protect: true } }],
    [{ name: "a", props: { key: "2" }, opts: { protect: true } }],
    [],
  ],
  "gives up on invalid inputs and on a program that gives up": [
    [{ name: "a" }],
    [{ name: "a" }, { name: "bad", props: { value: "invalid" }, opts: { after: ["a"] } }],
    [{ name: "stop", exit: true }],
  ],
};

interface Observed {
  readonly outcome: unknown;
  readonly calls: readonly string[];
  readonly things: readonly string[];
  readonly state: unknown;
}

const worlds: EngineWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.remove();
});

async function outcomeOf(world: EngineWorld, run: () => ReturnType<Engine["up"]>): Promise<unknown> {
  try {
    const { changes, outputs, steps } = await run();
    const done = steps.map((step) => `${step.operation} ${step.name}`).toSorted();
    return JSON.parse(JSON.stringify({ changes, outputs, done }).replaceAll(world.folder, "<world>"));
  } catch (error) {
    return error instanceof EngineError ? { code: error.code } : error;
  }
}

/** Runs all programs of a scenario with one engine and records what can be seen of each. */
async function play(
  engine: Engine,
  programs: readonly (Program | "allow")[],
): Promise<{ world: EngineWorld; records: readonly Observed[] }> {
  const world = await EngineWorld.create();
  worlds.push(world);
  const records: Observed[] = [];
  for (const program of programs) {
    if (program === "allow") {
      await writeFile(join(world.folder, "no-fail"), "");
      continue;
    }
    await world.configure(program);
    // A preview of the second program shows what previews can differ in; each CLI operation takes seconds.
    const preview = records.length === 1 ? [() => engine.preview(world.stack, {})] : [];
    for (const run of [...preview, () => engine.up(world.stack, {})]) {
      const outcome = await outcomeOf(world, run);
      const calls = (await world.calls(true)).filter((call) => call !== "cancel");
      const state = await decryptedState(world);
      // After a refusal a preview of the CLI goes on, to show more of them, and asks once more.
      const asked = outcome !== null && typeof outcome === "object" && "code" in outcome ? [...new Set(calls)] : calls;
      records.push({ outcome, calls: asked.toSorted(), things: await world.things(), state });
    }
  }
  return { world, records };
}

async function refresh(engine: Engine, world: EngineWorld, preview: boolean): Promise<unknown> {
  const { changes, steps } = await engine.refresh(world.stack, { preview });
  const done = steps.map((step) => `${step.operation} ${step.name}`).toSorted();
  const found = steps.flatMap((step) => (step.found === undefined ? [] : [[step.name, step.changedKeys, step.found]]));
  return { changes, done, found };
}

describe.skipIf(cli === undefined)(`parity with the Pulumi CLI${suffix}`, () => {
  const pulumi = new PulumiCliEngine(cli ?? { binary: "", version: "" });

  it.each(Object.keys(scenarios))(
    "%s",
    async (scenario) => {
      const programs = scenarios[scenario] ?? [];
      const byCli = await play(pulumi, programs);
      const byEmbedded = await play(embedded, programs);
      for (const [index, record] of byEmbedded.records.entries())
        expect({ index, ...record }).toEqual({ index, ...byCli.records[index] });
      expect(byEmbedded.records).toHaveLength(byCli.records.length);
    },
    180_000,
  );

  it("refreshes alike what changed behind its back, and touches nothing in a preview of it", async () => {
    const seen: unknown[] = [];
    for (const engine of [pulumi, embedded]) {
      const { world } = await play(engine, [
        [
          { name: "a", props: { value: "1" } },
          { name: "b", props: { value: "b" }, opts: { after: ["a"] } },
          { name: "c", props: { value: "c" } },
        ],
      ]);
      await rm(join(world.folder, "things", "a-0"));
      await writeFile(join(world.folder, "things", "c-0"), "changed");
      const before = await decryptedState(world);
      const previewed = await refresh(engine, world, true);
      expect(await decryptedState(world)).toEqual(before);
      const calls = (await world.calls()).filter((call) => call !== "cancel").toSorted();
      const refreshed = await refresh(engine, world, false);
      seen.push({ previewed, calls, refreshed, state: await decryptedState(world) });
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[1]).toMatchObject({ previewed: { found: [["c", ["value"], { value: "changed" }]] } });
  }, 180_000);

  it("each engine finds nothing to do where the other has been, and destroys what the other made", async () => {
    for (const [first, second] of [
      [embedded, pulumi],
      [pulumi, embedded],
    ] as const) {
      const { world } = await play(first, [chain("1"), chain("2")]);
      process.env["TEST_PROVIDER_FOLDER"] = world.folder;
      expect((await second.up(world.stack, { expectNoChanges: true })).changes).toEqual({ same: 7 });
      expect((await first.up(world.stack, { expectNoChanges: true })).changes).toEqual({ same: 7 });
      expect((await second.exportState(world.stack)).deployment.resources).toEqual(
        (await first.exportState(world.stack)).deployment.resources,
      );
      expect(await second.outputs(world.stack, { showSecrets: true })).toEqual(
        await first.outputs(world.stack, { showSecrets: true }),
      );
      expect((await second.destroy(world.stack, {})).changes).toEqual({ delete: 7 });
      expect(await world.things()).toEqual([]);
      const kinds = (await first.history(world.stack)).map(({ kind, result }) => `${kind} ${result}`);
      expect(kinds).toEqual(
        await second.history(world.stack).then((all) => all.map(({ kind, result }) => `${kind} ${result}`)),
      );
      expect(kinds[0]).toBe("destroy succeeded");
    }
  }, 180_000);
});
