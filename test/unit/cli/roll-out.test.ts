import { describe, expect, it } from "vitest";
import { planSteps, type PlannedStep } from "../../../cli/planning/plan-steps.ts";
import { gateRules } from "../../../cli/rollout/gate.ts";
import { rollOut } from "../../../cli/rollout/roll-out.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { RecordedWorld } from "./recorded-world.ts";

/** Only the order of what a rollout asks for is under test here; with real components see test/integration/cli. */
describe("a rollout", () => {
  it("folds over its steps: each is previewed, applied, proven and gated before the next begins", async () => {
    const world = new RecordedWorld();
    const records = await rollOut(planned("cache-redis", "rate-limits-raised"), world, gateRules(5));
    expect(records.map(({ step, state }) => [step, state])).toEqual([
      ["cache-redis", "done"],
      ["rate-limits-raised", "done"],
    ]);
    expect(world.asked).toEqual([
      "preview redis base",
      "update redis base: step cache-redis",
      "preview redis raised",
      "update redis raised: step rate-limits-raised",
    ]);
  });

  it("keeps each step's place on record from the first moment", async () => {
    const world = new RecordedWorld();
    await rollOut(planned("cache-redis"), world, gateRules(5));
    expect(world.saved.map(({ state, stage }) => `${state} ${stage}`)).toEqual([
      "running preview",
      "running preview",
      "running preview",
      "running up",
      "running verify",
      "running verify",
      "running gate",
      "running gate",
      "done gate",
    ]);
    expect(Object.keys(world.saved.at(-1)!.durationsMs)).toEqual(["preview", "up", "verify", "gate"]);
  });

  it("goes back by itself when an update fails, and takes no further step", async () => {
    const world = new RecordedWorld();
    world.failing = ["update redis base: step cache-redis"];
    const records = await rollOut(planned("cache-redis", "rate-limits-raised"), world, gateRules(5));
    expect(records.map(({ state, reasons }) => [state, reasons])).toEqual([["returned", ["redis does not start"]]]);
    expect(world.asked.at(-1)).toBe("update memory base: back from step cache-redis");
  });

  it("goes back when the gate counts a failed request", async () => {
    const world = new RecordedWorld();
    world.errorsDuringStep = 2;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.reasons]).toEqual(["returned", ["server-errors: 2, limit 0"]]);
  });

  it("goes back when a process that the step does not touch is another one after it", async () => {
    const world = new RecordedWorld();
    world.restartedByUpdate = "mail-sink";
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.reasons]).toEqual(["returned", ["restarts: 1, limit 0 (mail-sink)"]]);
  });

  it("proves its way back to the end although it is stopped meanwhile", async () => {
    const world = new RecordedWorld();
    world.failing = ["update redis base: step cache-redis"];
    world.stopDuring = "update memory base: back from step cache-redis";
    world.lateProofs = 3;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, world.stoppedBy()]).toEqual(["returned", "SIGINT"]);
  });

  it("is stranded, and says both reasons, when going back fails too", async () => {
    const world = new RecordedWorld();
    world.failing = ["update redis base: step cache-redis", "update memory base: back from step cache-redis"];
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.reasons]).toEqual([
      "stranded",
      ["redis does not start", "going back: redis does not start"],
    ]);
  });

  it("stops after the running operation when asked to, and does not go back", async () => {
    const world = new RecordedWorld();
    world.stopDuring = "update redis base: step cache-redis";
    const records = await rollOut(planned("cache-redis", "rate-limits-raised"), world, gateRules(5));
    expect(records.map(({ state, stage }) => [state, stage])).toEqual([["stopped", "up"]]);
    expect(world.asked).toEqual(["preview redis base", "update redis base: step cache-redis"]);
  });

  it("touches nothing when the stack is held by another, and passes that on", async () => {
    const world = new RecordedWorld();
    world.lockedOut = true;
    await expect(rollOut(planned("cache-redis"), world, gateRules(5))).rejects.toMatchObject({ code: "locked" });
    expect(world.asked).toEqual(["preview redis base", "update redis base: step cache-redis"]);
  });

  it("sends probes from the update to the end of the gate when shoppers are few", async () => {
    const world = new RecordedWorld();
    world.shoppersPerSecond = 1;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.gate?.probes?.sent, world.probing]).toEqual(["done", 60, "stopped"]);
  });
});

function planned(...steps: string[]): readonly PlannedStep[] {
  const result = planSteps(baseline, { steps });
  if (!result.ok) throw new Error("refused");
  return result.plan.steps;
}
