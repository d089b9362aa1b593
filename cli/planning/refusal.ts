import type { StepId } from "../phases/index.ts";

/** Why a plan cannot be made; the CLI maps each kind to an exit code and a next command. */
export type PlanRefusal =
  | { readonly kind: "no-such-step"; readonly step: string; readonly known: readonly StepId[] }
  | { readonly kind: "no-such-phase"; readonly phase: number; readonly known: readonly number[] }
  /** Applying `step` needs steps that are not done. */
  | {
      readonly kind: "blocked";
      readonly step: StepId;
      readonly by: readonly { readonly step: StepId; readonly because: string }[];
    }
  /** `step` has passed its point of no return. */
  | { readonly kind: "no-return"; readonly step: StepId; readonly because: string }
  /** There is no way back to `step`, because it is not done. */
  | { readonly kind: "not-done"; readonly step: StepId }
  /** Rolling `step` back would take away what done steps need. */
  | {
      readonly kind: "needed";
      readonly step: StepId;
      readonly by: readonly { readonly step: StepId; readonly because: string }[];
    };
