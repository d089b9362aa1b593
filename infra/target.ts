import type { StateResource } from "./engine/engine.ts";
import type { Delivery } from "../service/contract/delivery.ts";
import type { Observation } from "./observation.ts";
import type { Topology } from "./topology/topology.ts";

/**
 * What a target can tell and do about one environment, outside an update; commands know no target but by this. Targets:
 * `local/`, `aws/`. Everything that a proof of a step needs is in `observe`.
 */
export interface Target {
  readonly pace: Pace;
  observe(): Promise<Observation>;
  /** Prometheus endpoints that this machine reaches: of every live service instance, of the mail worker and of the router. */
  scrapeEndpoints(): Promise<readonly ScrapeEndpoint[]>;
  /** The environment's own Prometheus; undefined where it has none that can be asked. */
  prometheus(): Promise<PrometheusAddress | undefined>;
  /** Log lines of its processes, oldest first; then, with `follow`, new ones. Throws OperationError `unknown-process`. */
  readLogs(request: LogRequest): AsyncIterable<LogLine>;
  /** Names of the processes that there are now. */
  livingProcesses(): Promise<ReadonlySet<string>>;
  /** Whatever must be free or there before its first resource is made; throws when it is not. */
  assertCreatable(): Promise<void>;
  /** What shows, whatever the state says, that it was deployed; undefined when nothing does. */
  lifeSigns(): Promise<string | undefined>;
  /** Fills the shop with users and products; what is there already stays. */
  fill(size: { readonly users: number; readonly products: number }): Promise<void>;
  /** Runs the release's own program for mails beside the database and gives what it printed. Throws OperationError `not-running | failed`. */
  runMails(args: readonly string[]): Promise<unknown>;
  /** Sends what waits in the outbox where no mail worker does; undefined where one does. */
  deliverOutbox(topology: Topology): Promise<Delivery | undefined>;
  /** Who takes the mail of a topology here, and how many a day where the environment's settings say so. */
  mailProvider(topology: Topology): MailProvider;
  /** What runs or lies around beside the resources of the state; meant for when no update is running. */
  findOrphans(resources: readonly StateResource[]): Promise<readonly Orphan[]>;
  removeOrphans(orphans: readonly Orphan[]): Promise<void>;
  /** What a crash of the machine left broken, outside of what the state knows. */
  findDamage(): Promise<readonly Damage[]>;
  /** Puts that right. */
  repair(): Promise<Repair>;
  /** What of the data is not where a topology has it; nothing when the database does not answer. */
  findUnsettledData(topology: Topology): Promise<readonly UnsettledData[]>;
  /** Brings it there, beside the traffic. Throws OperationError `failed`. */
  settleData(found: readonly UnsettledData[], say: (line: string) => void): Promise<void>;
  /**
   * Lets go, for this process, what must not be lost by a slip. Returns whatever of the stack's configuration must change
   * for that, and come into force, before it can be destroyed.
   */
  unprotect(): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Removes what is left of the environment once its stack is destroyed, or without its stack. */
  removeFiles(): Promise<void>;
}

/** How fast things show on a target, and how often shopctl may ask its shop. */
export interface Pace {
  /** Time that facts may need after an update until all of them say so. */
  readonly patienceMs: number;
  readonly observeIntervalMs: number;
  /** Requests of its own that shopctl sends: the shop's limits count them by address, and a cloud sees but one. */
  readonly probesPerSecond: number;
}

/** A Prometheus, and how requests to it are signed. */
export interface PrometheusAddress {
  readonly url: string;
  readonly token?: string | undefined;
}

export interface MailProvider {
  /** As the shop calls it: smtp, sendgrid or ses. */
  readonly transport: string;
  readonly perDay?: number | undefined;
}

export interface LogRequest {
  /** Name of a process, or `web` for all instances; all processes when left out. */
  readonly process?: string;
  /** Last lines of each process to begin with. */
  readonly lines: number;
  readonly follow: boolean;
  readonly signal?: AbortSignal;
}

export interface LogLine {
  readonly process: string;
  /** ISO 8601 in UTC; empty where the line has none. */
  readonly at: string;
  readonly text: string;
}

/** Something of an environment that no resource of its state owns, left by a run that was killed. */
export interface Orphan {
  readonly kind: "service" | "router-server" | "process" | "cgroup" | "ports" | "release" | "index" | "slot";
  /** Name of the service, server, group, owner, release, index or replication slot; the pid of a process. */
  readonly name: string;
  /** When a process started: its pid may be another's by the time that it is to be ended. */
  readonly startTicks?: number;
}

/** Data that is not where the topology has it, e.g. because a move of it was killed. */
export interface UnsettledData {
  readonly what: string;
  readonly remedy: string;
  /** The release's tasks that settle it; each goes on where an earlier run ended, or takes away what it began. */
  readonly tasks: readonly string[];
  /** What the release's program for indexes is to do about it. */
  readonly indexes?: "build" | "drop";
}

export interface Damage {
  readonly kind: "processes" | "restore";
  readonly what: string;
  readonly remedy: string;
}

export interface Repair {
  /** Whether its processes were started again because none of them was supervised any more. */
  readonly started: boolean;
  /** Safety backup of what a killed `backup restore` had replaced; undefined when none was killed. */
  readonly finishedRestore: string | undefined;
}

/** What is scraped while nothing else watches; what reads kept scrapes takes its jobs from here. */
export const scrapeJobs = ["shop", "mail-worker", "router"] as const;

export type ScrapeJob = (typeof scrapeJobs)[number];

export interface ScrapeEndpoint {
  readonly job: ScrapeJob;
  readonly instance: string;
  readonly url: string;
}
