import type { TierName } from "../service/contract/figures.ts";
import type { StateResource } from "./engine/engine.ts";
import type { Topology } from "./topology/topology.ts";

/**
 * What a target can tell and do about one environment, outside an update; commands know no target but by this. Targets:
 * `local/`, `aws/`. Everything that a step's proof needs is in `observe`: facts as they are there, not as configured.
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
  /** Whatever of the stack's configuration must change, and come into force, before it can be destroyed. */
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
  readonly kind: "service" | "router-server" | "process" | "cgroup" | "ports" | "release" | "index";
  /** Name of the service, server, group, owner, release or index; the pid of a process. */
  readonly name: string;
}

/** Data that is not where the topology has it, e.g. because a move of it was killed. */
export interface UnsettledData {
  readonly what: string;
  readonly remedy: string;
  /** The release's tasks that settle it; each goes on where an earlier run ended, or takes away what it began. */
  readonly tasks: readonly string[];
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

/** What is scraped while nothing else watches. */
export type ScrapeJob = ScrapeEndpoint["job"];

export interface ScrapeEndpoint {
  readonly job: "shop" | "mail-worker" | "router";
  readonly instance: string;
  readonly url: string;
}

export interface Observation {
  readonly at: string;
  readonly processes: readonly ProcessObservation[];
  /** Components whose work is part of the target's own services, so that they are no process of the environment. */
  readonly managed?: readonly ProcessObservation["component"][];
  /** What an instance of a tier is granted here, where that is not what the growth plan has. */
  readonly tiers?: Readonly<Record<TierName, { readonly cpu: number; readonly memoryMiB: number }>>;
  readonly router: {
    readonly url: string;
    readonly up: boolean;
    readonly servers: readonly RouterServer[];
    /** Only during a deployment. */
    readonly canary?: RouterServer;
  };
  /** Undefined when the database does not answer. */
  readonly database?: {
    readonly maxConnections: number;
    readonly connections: number;
    readonly sizeBytes: number;
    /** Undefined where the target decides it. */
    readonly sharedBuffersMiB?: number;
    readonly backupSchedule: boolean;
    /** Those of `service/contract/indexes.ts` that there are. */
    readonly indexes?: readonly { readonly name: string; readonly valid: boolean }[];
    readonly attempts?: AttemptsObservation;
    readonly partitions?: PartitionsObservation;
    readonly backups: readonly { readonly id: string; readonly at: string; readonly sizeBytes: number }[];
  };
  /** The database's servers; undefined while there is only one or the primary does not answer. */
  readonly replication?: {
    /** Number of the server that takes writes; 0 is the first. */
    readonly primary: number;
    readonly replicas: readonly {
      readonly number: number;
      /** `streaming` when it follows; `away` when it is not connected. */
      readonly state: string;
      /** Log that it has not replayed, in bytes, or how old what it has is: which of them the target tells. */
      readonly lagBytes?: number;
      readonly lagSeconds?: number;
      readonly isSynchronous: boolean;
    }[];
  };
  /** Undefined when there is no pooler or it does not answer. */
  readonly pooler?: { readonly clientConnections?: number; readonly serverConnections?: number };
  /** Undefined when there is no Redis or it does not answer. */
  readonly cache?: {
    readonly clients: number;
    readonly keys?: number;
    readonly usedBytes?: number;
    readonly maxBytes?: number;
  };
  /** Undefined when mail has no queue or its Redis does not answer. */
  readonly queue?: {
    readonly evictionPolicy: string;
    /** Whether it writes down what it is told, and so keeps it over a restart. */
    readonly appendOnly: boolean;
    readonly usedBytes?: number;
    readonly maxBytes?: number;
  };
  readonly mail?: { readonly smtpAccepted: number; readonly apiAccepted: number; readonly refused: number };
  /** Undefined when there is no Prometheus or it does not answer. */
  readonly monitoring?: {
    readonly targets: readonly { readonly job: string; readonly instance: string; readonly health: string }[];
    readonly rules: number;
    readonly failingRules: number;
    /** Alertmanagers that alerts are sent to. */
    readonly alertReceivers: number;
  };
  /** What the router answers when one thing is asked twice: how the CDN's cache took part the second time; undefined without it. */
  readonly cdn?: { readonly secondAnswer: string };
  /** Release of each instance, by its own metrics. */
  readonly releases?: readonly { readonly instance: string; readonly release: string }[];
  /** Transport that the service says it hands mails to, from its own metrics: `smtp` or `sendgrid`. */
  readonly mailTransport?: string;
  /** Whether the service says that requests send mail themselves (`inline`) or leave it to the workers (`queue`). */
  readonly mailDelivery?: string;
  /** Replicas that each instance says it reads from, by instance; those that read only from the primary have 0. */
  readonly replicasInUse?: Readonly<Record<string, number>>;
  /** Form of its statements that each instance says it sends, by instance: `plain` or `optimised`. */
  readonly queryForms?: Readonly<Record<string, string>>;
  /** What the service itself says of its limits (`RateLimit-Policy`): requests per window by rule. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** Where login attempts lie. */
export interface AttemptsObservation {
  /** Whether some are still in their table that should have been archived two days ago. */
  readonly overdue: boolean;
  /** Space of the archive in bytes; 0 when nothing is archived. */
  readonly archiveBytes: number;
}

/** How the tables are laid out that grow with every login. */
export interface PartitionsObservation {
  /** Partitions of login_attempt and of user_session; 0 for a table that is one. */
  readonly attempts: number;
  readonly sessions: number;
  /** Whole months ahead that attempts have a partition for; 0 without any. */
  readonly monthsAhead: number;
  /** Tables that a move which was cut off has left. */
  readonly halfMade: readonly string[];
}

/** Kinds of supervised processes. */
export const processComponents = [
  "postgres",
  "pgbouncer",
  "redis",
  "queue-redis",
  "router",
  "cdn",
  "cdn-control",
  "web",
  "mail-sink",
  "mail-worker",
  "fault-sink",
  "backup-schedule",
  "task-schedule",
  "prometheus",
  "alertmanager",
  "exporter",
  "replica",
  "replication-guard",
] as const;

export interface ProcessObservation {
  /** Name of the supervised process, e.g. `postgres`, `web-1-4f2a`. */
  readonly name: string;
  readonly component: (typeof processComponents)[number];
  readonly state: "up" | "down" | "restarting";
  readonly pid?: number;
  /** What tells one life of it from the next where there is no pid: the id of a task. */
  readonly life?: string;
  readonly upSeconds?: number;
  /** Limits that the kernel enforces; undefined where no cgroup could be written on this host. */
  readonly limits?: { readonly cpu: number; readonly memoryMiB: number };
  readonly usage?: {
    readonly cpuSecondsTotal: number;
    readonly memoryMiB: number;
    readonly throttledSecondsTotal: number;
  };
}

export interface RouterServer {
  readonly name: string;
  readonly state: "up" | "drain" | "down";
  readonly currentSessions: number;
}
