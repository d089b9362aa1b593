import type { OperationResult } from "../../infra/engine/engine.ts";
import type { Observation } from "../../infra/observation.ts";
import type { Pace } from "../../infra/target.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import type { Snapshot } from "../advice/snapshot.ts";
import type { PlannedStep } from "../planning/plan-steps.ts";
import type { ProbeSummary } from "./gate.ts";
import type { RolloutEvent } from "./rollout-event.ts";
import type { GateDecision, StepRecord } from "./step-record.ts";

/** Everything that a rollout asks of the outside; `cli/adapters/rollout-world.ts` is the real one. */
export interface RolloutWorld {
  readonly pace: Pace;
  /** What an update to the topology would do; changes nothing. */
  preview(topology: Topology): Promise<OperationResult>;
  /**
   * Makes the topology the stack's configuration and runs one update, which the stack's history keeps under `message`.
   * Its `steps` are all operations, also deletions that an earlier run had left. One that is not `stoppable` goes on through signals: the way back is never left half-way.
   */
  update(topology: Topology, message: string, options: { readonly stoppable: boolean }): Promise<OperationResult>;
  observe(): Promise<Observation>;
  scrape(): Promise<Snapshot>;
  /** Sends browse requests to the router until stopped; bounded in rate and number. */
  startProbes(): Probes;
  save(record: StepRecord): Promise<void>;
  report(event: RolloutEvent): void;
  /** ISO 8601. */
  timestamp(): string;
  /** The same, but later than that of the newest record, whatever the clock says: ids begin with it. */
  recordStamp(): Promise<string>;
  /** This process, so that a later run can tell a killed one from one at work. */
  readonly process: StepRecord["process"];
  /** Command line of the run, without the program. */
  readonly command: string;
  monotonicMs(): number;
  /** One that is `stoppable` resolves early when the user stops the run. */
  wait(ms: number, options: { readonly stoppable: boolean }): Promise<void>;
  /** Whether the rollout is to hold before its next step; says so to others while it does. */
  isPaused(next: PlannedStep): Promise<boolean>;
  /** What becomes of a step whose gate is inconclusive; without somebody to ask it is taken back. */
  decide(step: PlannedStep, reasons: readonly string[]): Promise<Pick<GateDecision, "choice" | "by">>;
  /** Names what cannot be taken back once the step begins. Throws FailureError `not-confirmed` unless somebody agrees. */
  confirmNoReturn(step: PlannedStep): Promise<void>;
  /** The signal that stopped the run, once there was one. */
  stoppedBy(): "SIGINT" | "SIGTERM" | undefined;
}

export interface Probes {
  stop(): Promise<ProbeSummary>;
}
