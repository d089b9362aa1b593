import type { TierName } from "../service/contract/figures.ts";

/** What an instance of a tier is granted. */
export type TierSizes = Readonly<Record<TierName, { readonly cpu: number; readonly memoryMiB: number }>>;

/** Facts of one environment as they are there, not as configured: what the proofs of steps are about. */
export interface Observation {
  readonly at: string;
  readonly processes: readonly ProcessObservation[];
  /** Components whose work is part of the target's own services, so that they are no process of the environment. */
  readonly managed?: readonly ProcessObservation["component"][];
  /** What an instance of a tier is granted here, where that is not what the growth plan has. */
  readonly tiers?: TierSizes;
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
  /** Where each instance leaves its faults, by instance, on a target that has no sink of its own for them. */
  readonly faultReports?: Readonly<Record<string, "sentry" | "logs">>;
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
