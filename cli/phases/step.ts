import type { Topology } from "../../infra/topology/topology.ts";
import type { Observation } from "../../infra/observation.ts";

/** One small move between two topologies. Everything here is pure; `cli/rollout` carries it out. */
export type Step<Id extends string = string> = Move<Id> & Phase;

/** Every step of phase 1 can be taken back; the type does not let one say otherwise. */
type Phase =
  | { readonly phase: 1; readonly pointOfNoReturn?: never }
  | {
      readonly phase: 2 | 3;
      /** What cannot be taken back once the step's update began, and why; only a step that has such a point names one. */
      readonly pointOfNoReturn?: string;
    };

interface Move<Id extends string> {
  readonly id: Id;
  /** What it does, in one line for people. */
  readonly title: string;
  /** Steps that must be done first, with why. */
  readonly needs: readonly { readonly step: string; readonly because: string }[];
  readonly isDone: (topology: Topology) => boolean;
  readonly apply: (topology: Topology) => Topology;
  /** The way back; `apply` then `revert` gives the topology before. */
  readonly revert: (topology: Topology) => Topology;
  /** When it is due: any of these conditions; `users` is the growth plan's, the others are its own evidence. */
  readonly triggers: readonly Trigger[];
  /** What shoppers may notice while it is applied. */
  readonly interruption: string;
  readonly risk: "low" | "medium" | "high";
  /** Time from decision to effect, in minutes. */
  readonly leadTimeMinutes: number;
  /** What proves that it worked, from facts on the host. */
  readonly verify: (observation: Observation) => readonly Proof[];
  /** What proves that it is undone after a rollback. */
  readonly verifyUndone: (observation: Observation) => readonly Proof[];
}

export interface Proof {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  readonly expected: string;
}

/** A condition on one signal, sustained over its window; with `onlyWith`, both must hold. */
export interface Trigger {
  readonly signal: SignalName;
  readonly atLeast: number;
  /** Where the threshold comes from. */
  readonly source: string;
  readonly onlyWith?: Trigger;
}

export type SignalName =
  | "pool-wait-p95"
  | "pool-utilisation"
  | "server-connections-ratio"
  | "cpu-of-tier"
  | "memory-of-tier"
  | "event-loop-utilisation"
  | "response-p95"
  | "search-p95"
  | "database-busy-ratio"
  | "database-read-share"
  | "costliest-statement-share"
  | "database-size-ratio"
  | "rows-scanned-per-row-returned"
  | "days-without-backup"
  | "processes-with-private-cache"
  | "cache-memory-of-tier"
  | "cache-hits-lost-at-restarts"
  | "mail-quota-ratio"
  | "mail-failure-ratio"
  | "mail-in-request-p95"
  | "mails-lost"
  | "shared-address-refusal-ratio"
  | "cacheable-bytes-ratio"
  | "cacheable-request-ratio"
  | "login-attempts"
  | "login-attempts-size"
  | "login-attempts-vacuum-debt"
  | "old-login-attempts"
  | "expired-session-ratio"
  | "request-rate"
  | "users";
