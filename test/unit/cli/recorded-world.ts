import type { ScrapedEndpoint, Snapshot } from "../../../cli/advice/snapshot.ts";
import { FailureError } from "../../../cli/errors/failure.ts";
import type { PlannedStep } from "../../../cli/planning/plan-steps.ts";
import type { RolloutEvent } from "../../../cli/rollout/rollout-event.ts";
import type { GateDecision, StepRecord } from "../../../cli/rollout/step-record.ts";
import type { RolloutWorld } from "../../../cli/rollout/world.ts";
import { EngineError } from "../../../infra/engine/engine.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { baselineHost, phase1Host } from "../phases/observations.ts";

/** Answers as an environment would, with a clock that moves only when somebody waits. */
export class RecordedWorld implements RolloutWorld {
  pace = { patienceMs: 10_000, observeIntervalMs: 500, probesPerSecond: 12 };
  readonly process = { pid: 1, startTime: "1" };
  readonly command = "scale apply --env demo";
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
  /** How often the rollout finds itself paused before it may go on. */
  pausedFor = 0;
  decisions: GateDecision["choice"][] = [];
  agreesToNoReturn = true;
  /** Waits that traffic does not come through: shoppers and probes both gone. */
  silentWindows = 0;
  /** A CDN answers every shopper: the router counts them, and the instances see probes only. */
  shoppersAreCached = false;
  /** Whether an observation is refused, the first after an update being 1. */
  refuses: (nth: number) => boolean = () => false;
  #observed = 0;
  /** What stages were said to do, beside their names. */
  readonly notes: string[] = [];
  /** Who is too busy to answer a scrape; the third is the first after an update. */
  misses: (nth: number) => string = () => "";
  #scrapes = 0;
  probing: "never" | "running" | "stopped" = "never";
  #now = 0;
  #requests = 0;
  /** Of them those that an instance answered. */
  #answered = 0;
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
    if (this.#updates > 0) this.#observed += 1;
    if (this.refuses(this.#observed)) throw new Error("ThrottlingException: Rate exceeded");
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
    this.#scrapes += 1;
    const missed = this.misses(this.#scrapes);
    const router = (name: string, value: number, code = "") => ({ name, labels: { proxy: "shop", code }, value });
    const bucket = (le: string) => ({
      name: "shop_http_request_duration_seconds_bucket",
      labels: { le, route: "/" },
      value: this.#answered / 2,
    });
    const web = (instance: string) => ({
      job: "shop" as const,
      instance,
      samples: [
        { name: "process_start_time_seconds", labels: {}, value: 1 },
        {
          name: "shop_http_requests_total",
          labels: { method: "GET", route: "/", status: "200" },
          value: this.#answered / 2,
        },
        bucket("0.05"),
        bucket("+Inf"),
      ],
    });
    const endpoints: readonly ScrapedEndpoint[] = [
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
      web("web-1"),
      web("web-2"),
    ];
    return {
      at: new Date(Date.UTC(2026, 0, 1) + this.#now).toISOString(),
      endpoints: endpoints.map(({ samples, ...endpoint }) =>
        endpoint.instance === missed ? { ...endpoint, missing: "no answer within 3000 ms" } : { ...endpoint, samples },
      ),
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

  report(event: RolloutEvent) {
    if (event.kind === "stage-started" && event.note !== undefined) this.notes.push(event.note);
  }
  timestamp() {
    return new Date(Date.UTC(2026, 0, 1) + this.#now).toISOString();
  }
  async recordStamp() {
    return this.timestamp();
  }
  monotonicMs() {
    return this.#now;
  }
  async wait(ms: number, { stoppable }: { readonly stoppable: boolean }) {
    const silent = ms >= 5_000 && this.silentWindows-- > 0;
    if (silent) this.#now += ms;
    else if (!stoppable || !this.#stopped) this.#pass(ms);
  }
  async isPaused(next: PlannedStep) {
    if (this.pausedFor <= 0) return false;
    this.pausedFor -= 1;
    this.asked.push(`paused before ${next.id}`);
    return true;
  }
  async decide(step: PlannedStep, reasons: readonly string[]) {
    this.asked.push(`decide ${step.id}: ${reasons.join(", ")}`);
    const choice = this.decisions.shift();
    return choice === undefined
      ? { choice: "roll-back" as const, by: "rule" as const }
      : { choice, by: "person" as const };
  }
  async confirmNoReturn(step: PlannedStep) {
    this.asked.push(`no return from ${step.id}`);
    if (!this.agreesToNoReturn) throw new FailureError({ code: "not-confirmed", what: step.id, confirmWith: "" });
  }
  stoppedBy() {
    return this.#stopped ? ("SIGINT" as const) : undefined;
  }

  #pass(ms: number) {
    this.#now += ms;
    const probes = this.probing === "running" ? 12 : 0;
    this.#requests += (ms / 1_000) * (this.shoppersPerSecond + probes);
    this.#answered += (ms / 1_000) * ((this.shoppersAreCached ? 0 : this.shoppersPerSecond) + probes);
  }
}
