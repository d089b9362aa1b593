import type { ProcessIdentity } from "../../infra/engine/embedded/processes.ts";
import type { OperationResult } from "../../infra/engine/engine.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import type { QueryPlan } from "../../service/contract/query-plans.ts";
import type { QueryTime } from "../../service/contract/query-times.ts";
import type { Traffic } from "../advice/traffic.ts";
import type { Proof } from "../phases/step.ts";
import type { Direction, MoveId } from "../planning/plan-steps.ts";
import type { GateVerdict } from "./gate.ts";

/** The parts of a step's rollout, in order; `back` is the automatic way back after a failure. */
export type Stage = "preview" | "up" | "verify" | "gate" | "back";

/**
 * - `running`: at work, or killed when its process is gone.
 * - `done`: applied (or rolled back on request), proven and gated.
 * - `returned`: failed, and the environment is on the topology before again.
 * - `stranded`: failed, and so did the way back.
 * - `stopped`: ended by SIGINT or SIGTERM after the running operation.
 * - `interrupted`: was killed; a later run took over.
 */
export type StepState = "running" | "done" | "returned" | "stranded" | "stopped" | "interrupted";

/** What was decided about a step whose gate was inconclusive; `rule` where nobody could be asked. */
export interface GateDecision {
  readonly at: string;
  readonly choice: "keep" | "roll-back" | "wait-more";
  readonly by: "person" | "rule";
}

/** One step of one rollout, as `rollouts/<id>.json` keeps it; rewritten at each stage, so that a killed run leaves its place. */
export interface StepRecord {
  readonly schema: "shopctl.rollout-step/1";
  readonly id: string;
  readonly step: MoveId;
  readonly direction: Direction;
  readonly state: StepState;
  readonly stage: Stage;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly before: Topology;
  readonly after: Topology;
  readonly usdPerMonthBefore: number;
  readonly usdPerMonthAfter: number;
  readonly durationsMs: Readonly<Partial<Record<Stage, number>>>;
  readonly changes?: OperationResult["changes"];
  /** Of a step that changes how queries are carried out. */
  readonly queryPlans?: readonly QueryPlan[];
  readonly queryTimes?: readonly QueryTime[];
  readonly proofs?: readonly Proof[];
  readonly traffic?: { readonly before: Traffic; readonly step: Traffic; readonly window: Traffic };
  /** The last judgement: each check with its query, value and limit. */
  readonly gate?: GateVerdict;
  /** Of a canary: what it answered, shoppers and the CDN, to its last request. */
  readonly canary?: { readonly requests: number; readonly failed: number };
  /** Oldest first. */
  readonly decisions?: readonly GateDecision[];
  /** Of a step that cannot be taken back. */
  readonly pointOfNoReturn?: string;
  /** Why it failed or stopped. */
  readonly reasons?: readonly string[];
  readonly process: ProcessIdentity;
  /** Command line without the program; records of before it was kept have none. */
  readonly command?: string;
}
