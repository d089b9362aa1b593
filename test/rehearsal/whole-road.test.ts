import { afterAll, beforeAll, expect, it } from "vitest";
import { stepIds, steps } from "../../cli/phases/index.ts";
import { EmbeddedEngine } from "../../infra/engine/embedded/embedded-engine.ts";
import { selectEngine } from "../../infra/engine/select-engine.ts";
import type { Observation } from "../../infra/observation.ts";
import { baseline, type Topology } from "../../infra/topology/topology.ts";
import { dailyTasks } from "../../service/contract/daily-tasks.ts";
import { leftBehind } from "../support/aws/account.ts";
import { dataTasks, expectBaseline, expectEndOfRoad } from "../support/aws/expect-place.ts";
import { Rehearsal } from "../support/aws/rehearsal.ts";

/**
 * The whole road on AWS by the commands that a user types: each of sixteen steps proven and watched, there and back. It takes
 * about a quarter of an hour, so it is not part of `npm test`; with a Pulumi CLI on PATH, SHOPCTL_ENGINE=pulumi is the same by it.
 */
let shop: Rehearsal;
let firstDatabase: string | undefined;
/** A gate counts shopctl's own requests from the beginning of the step, so its window may be short. */
const way = ["--env", "shop", "--window", "2", "--yes"];
const end = steps.reduce<Topology>((topology, step) => step.apply(topology), baseline);

beforeAll(async () => {
  shop = await Rehearsal.begin(
    process.env["SHOPCTL_ENGINE"] === "pulumi" ? await selectEngine(process.env) : new EmbeddedEngine(),
  );
  const created = await shop.create();
  expect(created.exit, created.stderr).toBe(0);
  firstDatabase = await expectBaseline(shop.aws);
});
afterAll(async () => await shop.end());

it("scale apply takes all sixteen steps, each proven and passed by its gate", async () => {
  const applied = await shop.shopctl("scale", "apply", "--to", "3", ...way);
  expect(applied.exit, applied.stderr).toBe(0);
  expect(summary(applied.json["steps"])).toEqual(stepIds.map(passed));
  await expectEndOfRoad(shop.aws, end, firstDatabase);
  const { json: status } = await shop.shopctl("scale", "status", "--env", "shop");
  expect(status["steps"]).toMatchObject(stepIds.map((id) => ({ id, done: true })));
  expect(await dataTasks(shop.aws)).toEqual([
    "node migrate.js",
    "node indexes.js build",
    "node task.js partition-attempts partition-sessions --batch-size 5000",
    `node task.js ${dailyTasks.join(" ")} --batch-size 5000`,
  ]);
});

it("each step still holds at the end: scale verify finds every proof, drift nothing", async () => {
  const verified = await shop.shopctl("scale", "verify", "--env", "shop");
  expect(verified, verified.stdout).toMatchObject({ exit: 0 });
  expect((await shop.shopctl("drift", "--env", "shop")).json).toMatchObject({ verdict: "none", differences: [] });
});

it("Prometheus has each task's metrics under a name of its own", async () => {
  const { observation } = (await shop.shopctl("env", "show", "shop")).json as { readonly observation: Observation };
  const targets = observation.monitoring?.targets ?? [];
  expect(targets.map(({ job, health }) => `${job} ${health}`).toSorted()).toEqual([
    "mail-worker up",
    ...Array.from({ length: end.instances }, () => "shop up"),
  ]);
  expect(new Set(targets.map(({ instance }) => instance)).size).toBe(targets.length);
});

it("scale rollback takes them all back, and the database was never replaced", async () => {
  const back = await shop.shopctl("scale", "rollback", "--to", "0", ...way);
  expect(back.exit, back.stderr).toBe(0);
  expect(summary(back.json["steps"])).toEqual(stepIds.toReversed().map(passed));
  expect(await expectBaseline(shop.aws)).toBe(firstDatabase);
  expect((await dataTasks(shop.aws)).slice(-4)).toEqual([
    "node task.js bring-attempts-back --batch-size 5000",
    "node task.js unpartition-sessions unpartition-attempts --batch-size 5000",
    "node deliver.js",
    "node indexes.js drop",
  ]);
  expect((await shop.shopctl("drift", "--env", "shop")).json).toMatchObject({ verdict: "none", differences: [] });
});

it("env destroy leaves nothing but the last snapshot", async () => {
  const destroyed = await shop.shopctl("env", "destroy", "shop", "--confirm", "shop");
  expect(destroyed.exit, destroyed.stderr).toBe(0);
  expect(await leftBehind(shop.aws)).toEqual({ snapshots: ["shop-database-final-<moment>"] });
});

interface Taken {
  readonly step: string;
  readonly state: string;
  readonly gate: { readonly outcome: string };
  readonly proofs: readonly { readonly ok: boolean }[];
}

function summary(taken: unknown): readonly string[] {
  return (taken as readonly Taken[]).map(({ step, state, gate, proofs }) => {
    const unproven = proofs.filter(({ ok }) => !ok).length;
    return `${step} ${state}, ${gate.outcome}, ${unproven} unproven`;
  });
}

function passed(step: string): string {
  return `${step} done, passed, 0 unproven`;
}
