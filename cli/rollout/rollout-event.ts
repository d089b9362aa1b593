import type { EngineEvent } from "../../infra/engine/engine.ts";
import type { PlannedStep } from "../planning/plan-steps.ts";
import type { Stage, StepRecord } from "./step-record.ts";

/** What a rollout says while it runs; renderers turn it into lines or a live display. */
export type RolloutEvent =
  | { readonly kind: "step-started"; readonly step: PlannedStep }
  | { readonly kind: "stage-started"; readonly step: PlannedStep; readonly stage: Stage; readonly note?: string }
  /** The rollout holds before a step until it is resumed or stopped. */
  | { readonly kind: "paused" | "resumed"; readonly before: PlannedStep }
  | { readonly kind: "engine"; readonly event: EngineEvent }
  | { readonly kind: "step-finished"; readonly step: PlannedStep; readonly record: StepRecord };
