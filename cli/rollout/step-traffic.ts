import type { ReleaseChoice } from "../../infra/topology/release-choice.ts";
import type { Observation } from "../../infra/observation.ts";
import { canaryTraffic } from "../advice/canary-traffic.ts";
import { secondsBetween, type Snapshot } from "../advice/snapshot.ts";
import { trafficBetween, type Traffic } from "../advice/traffic.ts";
import { addProbes } from "./add-probes.ts";
import { judgeGate, type GateRules, type GateVerdict, type ProbeSummary } from "./gate.ts";
import { canaryChecks, hasFailed, type CanaryEvidence } from "./canary-gate.ts";
import { observePatiently } from "./observe-patiently.ts";
import { restartedBetween } from "./restarted.ts";
import type { StepRecord } from "./step-record.ts";
import type { Component } from "./touched-components.ts";
import type { Probes, RolloutWorld } from "./world.ts";

/** Scrapes around a step: while it is previewed, while it is applied, and in the window after it. */
export interface StepTraffic {
  /** Whether shopctl sends requests of its own, because shoppers send too few to judge by. */
  readonly probing: boolean;
  /** Ends the time before the step; where some requests failed and there are too few to tell which share, a window later. */
  beginStep(): Promise<void>;
  /** Watches a window after the step and judges the whole, again when asked again; the step may have restarted `touched` and nothing else. */
  judge(touched: ReadonlySet<Component>): Promise<{ readonly verdict: GateVerdict; readonly windows: GateWindows }>;
  /** Stops probes, if any still run. */
  close(): Promise<void>;
  /** What the canary answered since the step began, shoppers and the CDN; undefined for a step without one. */
  canarySoFar(): Promise<StepRecord["canary"]>;
}

export interface GateWindows {
  readonly before: Traffic;
  readonly step: Traffic;
  readonly window: Traffic;
}

/** A canary is looked at this often: one that fails goes back at once. */
const lookIntervalMs = 1_000;

/** Takes the first scrape. */
export async function openTraffic(
  world: RolloutWorld,
  rules: GateRules,
  canary?: ReleaseChoice["canary"],
): Promise<StepTraffic> {
  return new ScrapedTraffic(world, rules, { opened: await world.scrape(), canary });
}

class ScrapedTraffic implements StepTraffic {
  readonly #world: RolloutWorld;
  readonly #rules: GateRules;
  readonly #opened: Snapshot;
  readonly #canary: ReleaseChoice["canary"];
  #began: Snapshot;
  /** Since when a canary is judged: its requests are few, so those of all windows count together. */
  #canaryOpened: Snapshot | undefined;
  /** Processes before the step. */
  #before: Observation | undefined;
  #probes: Probes | undefined;
  #probed: ProbeSummary | undefined;

  constructor(
    world: RolloutWorld,
    rules: GateRules,
    { opened, canary }: { readonly opened: Snapshot; readonly canary: ReleaseChoice["canary"] },
  ) {
    this.#world = world;
    this.#rules = rules;
    this.#opened = opened;
    this.#canary = canary;
    this.#began = opened;
  }

  get probing(): boolean {
    return this.#probes !== undefined;
  }

  async beginStep(): Promise<void> {
    const { windowMs, minRequests } = this.#rules;
    this.#began = await scrapeWhole(this.#world);
    const { requests = 0, serverErrors = 0 } = trafficBetween(this.#opened, this.#began);
    if (serverErrors > 0 && requests < minRequests) {
      await this.#world.wait(windowMs, { stoppable: true });
      this.#began = await scrapeWhole(this.#world);
    }
    this.#before = await observePatiently(this.#world);
    const { requestsPerSecond } = trafficBetween(this.#opened, this.#began);
    const expected = ((requestsPerSecond ?? 0) * windowMs) / 1_000;
    if (expected < minRequests) this.#probes = this.#world.startProbes();
  }

  async judge(
    touched: ReadonlySet<Component>,
  ): Promise<{ readonly verdict: GateVerdict; readonly windows: GateWindows }> {
    const world = this.#world;
    if (this.#probed !== undefined) this.#probes ??= world.startProbes();
    const [first, observed] = await Promise.all([world.scrape(), observePatiently(world)]);
    let opened = first;
    let closed = await this.#watch(opened);
    if (this.#lacksEvidence(opened, closed) && !this.#canaryFailed(closed)) {
      // Shoppers left in the middle of the step, a CDN answered them all or all that were the canary's, or an instance too
      // busy to be scraped: once more.
      this.#probes ??= world.startProbes();
      opened = await world.scrape();
      closed = await this.#watch(opened);
    }
    const observedAfter = await observePatiently(world);
    await this.close();
    const windows = {
      before: trafficBetween(this.#opened, this.#began),
      step: this.#orByProbes(trafficBetween(this.#began, closed)),
      window: this.#orByProbes(trafficBetween(opened, closed)),
    };
    const evidence = {
      ...windows,
      restarted: this.#restarted(observed, observedAfter, touched),
      probes: this.#probed,
      canary: this.#canaryEvidence(closed),
    };
    return { verdict: judgeGate(evidence, this.#rules), windows };
  }

  async close(): Promise<void> {
    if (this.#probes === undefined) return;
    const probes = this.#probes;
    this.#probes = undefined;
    this.#probed = addProbes(this.#probed, await probes.stop());
  }

  async canarySoFar(): Promise<StepRecord["canary"]> {
    if (this.#canary === undefined) return undefined;
    const { canary } = canaryTraffic(this.#began, await this.#world.scrape(), this.#canary.release);
    const { requests, failed } = canary;
    return requests === undefined || failed === undefined ? undefined : { requests, failed };
  }

  /** Waits for the end of the window, or until a canary has failed. */
  async #watch(opened: Snapshot): Promise<Snapshot> {
    const { windowMs } = this.#rules;
    if (this.#canaryOpened === undefined || !isWhole(this.#canaryOpened)) this.#canaryOpened = opened;
    const pieceMs = this.#canary === undefined ? windowMs : lookIntervalMs;
    for (let waitedMs = 0; ;) {
      await this.#world.wait(Math.min(pieceMs, windowMs - waitedMs), { stoppable: true });
      waitedMs += pieceMs;
      const now = await this.#world.scrape();
      if (waitedMs >= windowMs || this.#world.stoppedBy() !== undefined || this.#canaryFailed(now)) return now;
    }
  }

  #canaryFailed(closed: Snapshot): boolean {
    const evidence = this.#canaryEvidence(closed);
    return evidence !== undefined && hasFailed(evidence);
  }

  #canaryEvidence(closed: Snapshot): CanaryEvidence | undefined {
    const opened = this.#canaryOpened;
    if (this.#canary === undefined || opened === undefined) return undefined;
    const { release, sharePercent } = this.#canary;
    return {
      sharePercent,
      step: canaryTraffic(this.#began, closed, release),
      window: canaryTraffic(opened, closed, release),
      stepSeconds: secondsBetween(this.#began, closed),
      windowSeconds: secondsBetween(opened, closed),
    };
  }

  /** In the window nothing may restart; over the whole step nothing that the step does not touch. */
  #restarted(observed: Observation, after: Observation, touched: ReadonlySet<Component>): readonly string[] {
    const inStep = this.#before && restartedBetween(this.#before, after, touched);
    return [...new Set([...(inStep ?? []), ...restartedBetween(observed, after)])];
  }

  /** Where nothing can be scraped, what shopctl's own requests met is the evidence: all of them since the step began. */
  #orByProbes(traffic: Traffic): Traffic {
    if (this.#opened.endpoints.length > 0 || this.#probed === undefined) return traffic;
    const { sent, failed, refused, p95Ms, longestMs } = this.#probed;
    const latencyMs = p95Ms === undefined ? undefined : { p50: p95Ms, p95: p95Ms, p99: longestMs };
    return { ...traffic, countedBy: "probes", requests: sent, serverErrors: failed, refused, latencyMs };
  }

  #lacksEvidence(opened: Snapshot, closed: Snapshot): boolean {
    const { requests = 0, latencyMs, gaps } = trafficBetween(opened, closed);
    if (requests < this.#rules.minRequests || latencyMs === undefined || gaps.length > 0) return true;
    const canary = this.#canaryEvidence(closed);
    return canary !== undefined && canaryChecks(canary, this.#rules).some(({ outcome }) => outcome === "inconclusive");
  }
}

/** A step's failures are counted from one scrape, which no second window replaces: one that missed something is taken again. */
async function scrapeWhole(world: RolloutWorld): Promise<Snapshot> {
  const snapshot = await world.scrape();
  return isWhole(snapshot) ? snapshot : await world.scrape();
}

function isWhole({ endpoints }: Snapshot): boolean {
  return !endpoints.some((endpoint) => "missing" in endpoint);
}
