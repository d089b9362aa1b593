import { describe, expect, it } from "vitest";
import { stepOf, steps } from "../../../cli/phases/index.ts";
import type { Step } from "../../../cli/phases/step.ts";
import type { PlannedStep } from "../../../cli/planning/plan-steps.ts";
import { gateRules } from "../../../cli/rollout/gate.ts";
import { rollOut } from "../../../cli/rollout/roll-out.ts";
import { rolloutFailure } from "../../../cli/rollout/rollout-failure.ts";
import { planned } from "./planned.ts";
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
    expect(world.saved[0]?.command).toBe("scale apply --env demo");
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

  it("asks again when a question is refused while proofs are checked", async () => {
    const world = new RecordedWorld();
    world.refuses = (nth) => nth >= 1 && nth <= 3;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.proofs?.every(({ ok }) => ok)]).toEqual(["done", true]);
  });

  it("goes back with the reason when every question is refused, and says meanwhile what it waits for", async () => {
    const world = new RecordedWorld();
    world.pace = { ...world.pace, patienceMs: 60_000 };
    world.refuses = (nth) => nth >= 1 && nth <= 130;
    const [record] = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect([record?.state, record?.reasons]).toEqual([
      "returned",
      ["the environment can be observed: ThrottlingException: Rate exceeded, expected an answer"],
    ]);
    expect(world.notes[0]).toBe(
      "waiting: the environment can be observed: ThrottlingException: Rate exceeded, expected an answer",
    );
    expect(world.notes.filter((note) => note.startsWith("waiting")).length).toBeGreaterThan(1);
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

  it("holds between two steps while it is paused, and goes on when it is resumed", async () => {
    const world = new RecordedWorld();
    world.pausedFor = 3;
    const records = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect(world.asked.slice(0, 4)).toEqual([...Array(3).fill("paused before cache-redis"), "preview redis base"]);
    expect(records.map(({ state }) => state)).toEqual(["done"]);
  });

  it("does not say that it goes on when it is stopped while it holds", async () => {
    const world = new RecordedWorld();
    world.pausedFor = 9;
    const said: string[] = [];
    world.report = (event) => void said.push(event.kind);
    world.stoppedBy = () => (world.pausedFor < 7 ? "SIGINT" : undefined);
    const records = await rollOut(planned("cache-redis"), world, gateRules(5));
    expect(records.map(({ state }) => state)).toEqual(["stopped"]);
    expect(said.slice(0, 2)).toEqual(["paused", "step-started"]);
  });

  it("names `scale resume` before the command that goes on, where it was stopped while it was paused", async () => {
    const world = new RecordedWorld();
    world.stoppedBy = () => "SIGINT";
    const records = await rollOut(planned("cache-redis"), world, gateRules(5));
    const next = (isPaused: boolean): readonly string[] => {
      const execution = { records, takenOver: undefined, stoppedBy: "SIGINT", isPaused } as const;
      const failure = rolloutFailure(execution, "shop", { command: "scale apply --env shop", recordFile: () => "" });
      return failure?.code === "stopped" ? failure.next : [];
    };
    const others = [
      "shopctl scale apply --env shop   (goes on)",
      "shopctl scale rollback --env shop   (takes it back)",
      "shopctl scale status --env shop",
    ];
    expect(next(false)).toEqual(others);
    expect(next(true)).toEqual(["shopctl scale resume --env shop   (first: it is paused)", ...others]);
  });

  it("names a point of no return before it is crossed, and does not begin the step unless somebody agrees", async () => {
    const world = new RecordedWorld();
    world.agreesToNoReturn = false;
    await expect(rollOut(withoutReturn(), world, gateRules(5))).rejects.toMatchObject({
      failure: { code: "not-confirmed" },
    });
    expect([world.asked, world.saved]).toEqual([["no return from cache-redis"], []]);
  });

  it("does not go back past a point of no return", async () => {
    const world = new RecordedWorld();
    world.errorsDuringStep = 2;
    const [record] = await rollOut(withoutReturn(), world, gateRules(5));
    expect([record?.state, record?.stage, record?.reasons]).toEqual([
      "stranded",
      "gate",
      ["server-errors: 2, limit 0", "past the point of no return: the old cache is emptied"],
    ]);
    expect(world.asked.filter((what) => what.startsWith("update"))).toEqual(["update redis base: step cache-redis"]);
  });

  it("has no point of no return in phase 1", () => {
    expect(steps.filter(({ phase }) => phase === 1).every((step) => !("pointOfNoReturn" in step))).toBe(true);
    // @ts-expect-error: the type of a step of phase 1 does not allow one
    const refused: Step = { ...stepOf("cache-redis"), phase: 1, pointOfNoReturn: "no" };
    expect(refused.phase).toBe(1);
  });
});

function withoutReturn(): readonly PlannedStep[] {
  return planned("cache-redis").map((step) => ({ ...step, pointOfNoReturn: "the old cache is emptied" }));
}
