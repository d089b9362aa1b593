import type { Environment } from "../../../infra/environment/environment.ts";
import type { Target } from "../../../infra/target.ts";
import type { Topology } from "../../../infra/topology/topology.ts";
import { compact } from "../../advice/compact.ts";
import { measure, type Measurements } from "../../advice/signals.ts";
import { secondsBetween, type Snapshot } from "../../advice/snapshot.ts";
import { freshRun } from "../../advice/window.ts";
import { MetricsHistory } from "./history.ts";
import { scrape } from "./scrape.ts";

export interface MeasurementTask {
  readonly environment: Environment;
  readonly target: Target;
  /** What runs: scrapes kept under another topology do not count. */
  readonly topology: Topology;
  /** The shortest window; a longer one is used where fresh scrapes are kept. */
  readonly windowSeconds: number;
  readonly wait: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

const scrapeTimeoutMs = 3_000;

/** Reads every signal: from a scrape now and fresh kept ones, or, where these are too few, from two scrapes a window apart. */
export async function takeMeasurements(task: MeasurementTask): Promise<Measurements> {
  const { environment, target, topology } = task;
  const history = new MetricsHistory(environment.paths.root);
  const first = await takeSnapshot(task);
  const kept = await history.read(topology, new Date(first.at));
  const fresh = freshRun(kept, first.at);
  const taken = [first, ...(await takeRest(task, fresh, first))];
  await history.append(topology, taken);
  return measure({
    snapshots: [...fresh, ...taken],
    history: [...kept, ...taken],
    topology,
    observation: await target.observe(environment),
    environmentCreatedAt: environment.createdAt,
  });
}

async function takeRest(
  task: MeasurementTask,
  fresh: readonly Snapshot[],
  first: Snapshot,
): Promise<readonly Snapshot[]> {
  const [oldest] = fresh;
  const seconds = oldest === undefined ? 0 : secondsBetween(oldest, first);
  if (seconds >= task.windowSeconds) {
    task.say(`Scraped the shop; kept scrapes reach back ${Math.round(seconds)} s.`);
    return [];
  }
  task.say(`Scraped the shop; again in ${task.windowSeconds} s …`);
  await task.wait(task.windowSeconds * 1_000);
  return [await takeSnapshot(task)];
}

async function takeSnapshot({ environment, target, say }: MeasurementTask): Promise<Snapshot> {
  const endpoints = (await target.scrapeEndpoints(environment)).filter(({ job }) => job !== "router");
  const snapshot = await scrape(endpoints, { timeoutMs: scrapeTimeoutMs });
  for (const endpoint of snapshot.endpoints) {
    if ("missing" in endpoint) say(`${endpoint.instance} could not be scraped: ${endpoint.missing}`);
  }
  return compact(snapshot);
}
