import type { Snapshot } from "../advice/snapshot.ts";
import type { Observation } from "../../infra/target.ts";
import { trafficBetween, type Traffic } from "../advice/traffic.ts";
import { judgeGate, type GateRules, type GateVerdict, type ProbeSummary } from "./gate.ts";
import { restartedBetween } from "./restarted.ts";
import type { Component } from "./touched-components.ts";
import type { Probes, RolloutWorld } from "./world.ts";

/** Scrapes around a step: while it is previewed, while it is applied, and in the window after it. */
export interface StepTraffic {
  /** Whether shopctl sends requests of its own, because shoppers send too few to judge by. */
  readonly probing: boolean;
  /** Ends the time before the step. */
  beginStep(): Promise<void>;
  /** Watches a window after the step and judges the whole, again when asked again; the step may have restarted `touched` and nothing else. */
  judge(touched: ReadonlySet<Component>): Promise<{ readonly verdict: GateVerdict; readonly windows: GateWindows }>;
  /** Stops probes, if any still run. */
  close(): Promise<void>;
}

export interface GateWindows {
  readonly before: Traffic;
  readonly step: Traffic;
  readonly window: Traffic;
}

/** Takes the first scrape. */
export async function openTraffic(world: RolloutWorld, rules: GateRules): Promise<StepTraffic> {
  return new ScrapedTraffic(world, rules, await world.scrape());
}

class ScrapedTraffic implements StepTraffic {
  readonly #world: RolloutWorld;
  readonly #rules: GateRules;
  readonly #opened: Snapshot;
  #began: Snapshot;
  /** Processes before the step. */
  #before: Observation | undefined;
  #probes: Probes | undefined;
  #probed: ProbeSummary | undefined;

  constructor(world: RolloutWorld, rules: GateRules, opened: Snapshot) {
    this.#world = world;
    this.#rules = rules;
    this.#opened = opened;
    this.#began = opened;
  }

  get probing(): boolean {
    return this.#probes !== undefined;
  }

  async beginStep(): Promise<void> {
    [this.#began, this.#before] = await Promise.all([this.#world.scrape(), this.#world.observe()]);
    const { requestsPerSecond } = trafficBetween(this.#opened, this.#began);
    const expected = ((requestsPerSecond ?? 0) * this.#rules.windowMs) / 1_000;
    if (expected < this.#rules.minRequests) this.#probes = this.#world.startProbes();
  }

  async judge(
    touched: ReadonlySet<Component>,
  ): Promise<{ readonly verdict: GateVerdict; readonly windows: GateWindows }> {
    const world = this.#world;
    if (this.#probed !== undefined) this.#probes ??= world.startProbes();
    const [opened, observed] = await Promise.all([world.scrape(), world.observe()]);
    await world.wait(this.#rules.windowMs, { stoppable: true });
    let closed = await world.scrape();
    if (this.#lacksRequests(opened, closed) && this.#probes === undefined) {
      // Shoppers left in the middle of the step: one more window, with probes.
      this.#probes = world.startProbes();
      await world.wait(this.#rules.windowMs, { stoppable: true });
      closed = await world.scrape();
    }
    const observedAfter = await world.observe();
    await this.close();
    const windows = {
      before: trafficBetween(this.#opened, this.#began),
      step: trafficBetween(this.#began, closed),
      window: trafficBetween(opened, closed),
    };
    const evidence = { ...windows, restarted: this.#restarted(observed, observedAfter, touched), probes: this.#probed };
    return { verdict: judgeGate(evidence, this.#rules), windows };
  }

  async close(): Promise<void> {
    if (this.#probes === undefined) return;
    const probes = this.#probes;
    this.#probes = undefined;
    this.#probed = addProbes(this.#probed, await probes.stop());
  }

  /** In the window nothing may restart; over the whole step nothing that the step does not touch. */
  #restarted(observed: Observation, after: Observation, touched: ReadonlySet<Component>): readonly string[] {
    const inStep = this.#before && restartedBetween(this.#before, after, touched);
    return [...new Set([...(inStep ?? []), ...restartedBetween(observed, after)])];
  }

  #lacksRequests(opened: Snapshot, closed: Snapshot): boolean {
    return (trafficBetween(opened, closed).requests ?? 0) < this.#rules.minRequests;
  }
}

/** Probes of several windows of one step together. */
function addProbes(before: ProbeSummary | undefined, now: ProbeSummary): ProbeSummary {
  if (before === undefined) return now;
  return {
    sent: before.sent + now.sent,
    failed: before.failed + now.failed,
    refused: before.refused + now.refused,
    longestMs: Math.max(before.longestMs, now.longestMs),
    failures: [...before.failures, ...now.failures],
  };
}
