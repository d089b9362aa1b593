import { managedRegion, type Signer } from "../../../infra/aws/managed-prometheus.ts";
import type { Environment } from "../../../infra/environment/environment.ts";
import type { Target } from "../../../infra/target.ts";
import type { Topology } from "../../../infra/topology/topology.ts";
import type { MetricsSource } from "../../advice/metrics-source.ts";
import type { Snapshot } from "../../advice/snapshot.ts";
import { MetricsHistory } from "./history.ts";
import { prometheusSource } from "./prometheus.ts";
import { serveBlocks } from "./serve-blocks.ts";
import { takeSnapshot } from "./take-snapshot.ts";

/** Where metrics are read from, and how much of them counts. */
export interface SourceChoice {
  /** A Prometheus that somebody named; undefined for the environment's own, or direct scrapes. */
  readonly prometheus: { readonly url: string; readonly token: string | undefined } | undefined;
  /** Labels of the environment's series in it. */
  readonly selector: string;
  /** Judge by so many seconds alone; undefined for the usual days. */
  readonly windowSeconds: number | undefined;
  readonly wait: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/** A source, until what moment it knows anything, and how to let go of it. */
export interface OpenSource extends MetricsSource {
  /** Seconds since 1970. */
  readonly now: number;
  close(): Promise<void>;
}

interface SourceTask extends SourceChoice {
  readonly environment: Environment;
  readonly target: Pick<Target, "observe" | "scrapeEndpoints" | "prometheus">;
  readonly topology: Topology;
}

/** Two scrapes are the least that anything can be counted with. */
const leastWindowSeconds = 10;
/** Kept scrapes that are older say nothing of now. */
const freshMs = 300_000;

/** Opens the named Prometheus, else the environment's own where it has one, else what direct scrapes left. */
export async function openSource(task: SourceTask): Promise<OpenSource> {
  const { prometheus, topology } = task;
  const open = async (name: string, url: string, token?: string): Promise<OpenSource> => ({
    ...prometheusSource({ name, url, token, sign: await signerOf(url) }),
    now: Math.floor(Date.now() / 1_000),
    close: async () => undefined,
  });
  if (prometheus !== undefined) {
    return await open(`the Prometheus at ${new URL(prometheus.url).host}`, prometheus.url, prometheus.token);
  }
  const address = topology.monitoring === "none" ? undefined : await task.target.prometheus();
  if (address === undefined) return await openHistory(task);
  const own = await open("the environment's Prometheus", address.url, address.token);
  const answers = await own.instant("vector(1)", own.now).then(
    () => true,
    () => false,
  );
  if (answers) return own;
  task.say("The environment's Prometheus does not answer; direct scrapes take its place.");
  return await openHistory(task);
}

/** A managed Prometheus of AWS takes signed requests only; the signer and its credentials load when one is asked. */
async function signerOf(url: string): Promise<Signer | undefined> {
  const region = managedRegion(url);
  if (region === undefined) return undefined;
  const { awsSigner } = await import("../../../infra/aws/sign-request.ts");
  return awsSigner(region);
}

async function openHistory(task: SourceTask): Promise<OpenSource> {
  const history = new MetricsHistory(task.environment.paths.root);
  const tail = await history.tail();
  const first = await takeSnapshot(task);
  const taken = [first, ...(await takeRest(task, tail, first))];
  const now = taken.at(-1)?.at ?? first.at;
  await history.append(taken, new Date(now));
  const served = await serveBlocks(await history.blocks(), await history.tail());
  const name = "direct scrapes of the shop";
  return {
    ...prometheusSource({ name, url: served.url }),
    now: Math.ceil(Date.parse(now) / 1_000),
    close: () => served.stop(),
  };
}

async function takeRest(task: SourceTask, kept: readonly Snapshot[], first: Snapshot): Promise<readonly Snapshot[]> {
  const seconds = task.windowSeconds ?? leastWindowSeconds;
  const enough = kept.some(({ at }) => isBefore(at, first, seconds * 1_000, freshMs + seconds * 1_000));
  if (enough) return [];
  task.say(`Scraped the shop; again in ${seconds} s …`);
  await task.wait(seconds * 1_000);
  return [await takeSnapshot(task)];
}

function isBefore(at: string, first: Snapshot, leastMs: number, mostMs: number): boolean {
  const age = Date.parse(first.at) - Date.parse(at);
  return age >= leastMs && age <= mostMs;
}
