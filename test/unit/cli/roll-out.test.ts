import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../../cli/advice/snapshot.ts";
import { planSteps, type PlannedStep } from "../../../cli/planning/plan-steps.ts";
import { gateRules } from "../../../cli/rollout/gate.ts";
import { rollOut } from "../../../cli/rollout/roll-out.ts";
import type { StepRecord } from "../../../cli/rollout/step-record.ts";
import type { RolloutWorld } from "../../../cli/rollout/world.ts";
import { EngineError } from "../../../infra/engine/engine.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { baselineHost, phase1Host } from "../phases/observations.ts";

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

/** Answers as an environment would, with a clock that moves only when somebody waits. */
class RecordedWorld implements RolloutWorld {
  readonly process = { pid: 1, startTime: "1" };
  readonly asked: string[] = [];
  readonly saved: StepRecord[] = [];
  failing: readonly string[] = [];
  errorsDuringStep = 0;
  shoppersPerSecond = 40;
  stopDuring = "";
  /** Process that gets another pid with the first update. */
  restartedByUpdate = "";
  /** Observations after a stop that do not have the cache gone yet. */
  lateProofs = 0;
  lockedOut = false;
  probing: "never" | "running" | "stopped" = "never";
  #now = 0;
  #requests = 0;
  #errors = 0;
  #stopped = false;
  #updates = 0;
  #running: Topology = baseline;

  async preview(topology: Topology) {
    this.asked.push(`preview ${topology.cache} ${topology.limits}`);
    this.#pass(2_000);
    return { changes: {}, steps: [], outputs: {}, durationMs: 0 };
  }

  async update(topology: Topology, message: string) {
    const what = `update ${topology.cache} ${topology.limits}: ${message}`;
    this.asked.push(what);
    if (this.lockedOut) throw new EngineError("locked", "process 2 is at work");
    this.#pass(3_000);
    if (this.failing.includes(what)) throw new EngineError("resource-failed", "redis does not start");
    this.#stopped = what === this.stopDuring;
    // The way back is not stoppable.
    if (this.#stopped && !message.startsWith("back")) throw new EngineError("cancelled", "cancelled");
    this.#running = topology;
    this.#updates += 1;
    this.#errors += this.errorsDuringStep;
    return { changes: {}, steps: [], outputs: {}, durationMs: 0 };
  }

  async observe() {
    const late = this.#stopped && this.lateProofs-- > 0;
    const withRedis = this.#running.cache === "redis" || late;
    const { cache, limits, ...host } = withRedis ? phase1Host : baselineHost;
    const processes = host.processes.map((process) =>
      process.name === this.restartedByUpdate ? { ...process, pid: 9_000 + this.#updates } : process,
    );
    const raised = this.#running.limits === "raised" ? phase1Host.limits : limits;
    return {
      ...baselineHost,
      processes,
      ...(cache && { cache }),
      ...(this.#running.limits === "base" ? { limits: baselineHost.limits ?? {} } : raised && { limits: raised }),
    };
  }

  async scrape(): Promise<Snapshot> {
    const router = (name: string, value: number, code = "") => ({ name, labels: { proxy: "shop", code }, value });
    const bucket = (le: string) => ({
      name: "shop_http_request_duration_seconds_bucket",
      labels: { le, route: "/" },
      value: this.#requests,
    });
    return {
      at: new Date(Date.UTC(2026, 0, 1) + this.#now).toISOString(),
      endpoints: [
        {
          job: "router",
          instance: "router",
          samples: [
            router("haproxy_server_status", 1),
            router("haproxy_backend_http_requests_total", this.#requests),
            router("haproxy_backend_http_responses_total", this.#errors, "5xx"),
            router("haproxy_backend_server_aborts_total", 0),
            { name: "haproxy_process_start_time_seconds", labels: {}, value: 1 },
          ],
        },
        {
          job: "shop",
          instance: "web-1",
          samples: [
            { name: "process_start_time_seconds", labels: {}, value: 1 },
            {
              name: "shop_http_requests_total",
              labels: { method: "GET", route: "/", status: "200" },
              value: this.#requests,
            },
            bucket("0.05"),
            bucket("+Inf"),
          ],
        },
      ],
    };
  }

  startProbes() {
    this.probing = "running";
    return {
      stop: async () => {
        this.probing = "stopped";
        return { sent: 60, failed: 0, refused: 0, longestMs: 9, failures: [] };
      },
    };
  }

  async save(record: StepRecord) {
    this.saved.push(record);
  }

  report() {}
  timestamp() {
    return new Date(Date.UTC(2026, 0, 1) + this.#now).toISOString();
  }
  monotonicMs() {
    return this.#now;
  }
  async wait(ms: number, { stoppable }: { readonly stoppable: boolean }) {
    if (!stoppable || !this.#stopped) this.#pass(ms);
  }
  stoppedBy() {
    return this.#stopped ? ("SIGINT" as const) : undefined;
  }

  #pass(ms: number) {
    this.#now += ms;
    this.#requests += (ms / 1_000) * (this.shoppersPerSecond + (this.probing === "running" ? 12 : 0));
  }
}
