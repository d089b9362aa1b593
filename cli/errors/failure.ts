import type { LockHolder } from "../../infra/engine/engine.ts";
import type { Direction } from "../planning/plan-steps.ts";
import type { MovedBinding } from "../planning/plan-binding.ts";
import type { PlanRefusal } from "../planning/refusal.ts";

/**
 * Everything that can go wrong for a user, as data: `explain` gives each a name in the table of exit codes and says what,
 * why and what to type next. No field ever holds a secret.
 */
export type Failure =
  | {
      readonly code: "configuration" | "authentication" | "policy" | "insufficient-evidence";
      readonly what: string;
      readonly why: string;
      readonly next: readonly string[];
    }
  | { readonly code: "bad-topology"; readonly file: string; readonly issues: readonly string[] }
  | { readonly code: "which-environment"; readonly known: readonly string[] }
  | { readonly code: "no-such-environment"; readonly environment: string; readonly known: readonly string[] }
  | { readonly code: "already-exists"; readonly environment: string }
  | { readonly code: "refused"; readonly environment: string; readonly refusal: PlanRefusal }
  | {
      readonly code: "deployment-failed";
      readonly environment: string;
      readonly during: string;
      readonly reason: string;
    }
  | { readonly code: "unexpected-changes"; readonly environment: string; readonly reason: string }
  | { readonly code: "not-confirmed"; readonly what: string; readonly confirmWith: string }
  | { readonly code: "timeout"; readonly what: string; readonly afterMs: number }
  | {
      readonly code: "gate-failed";
      readonly environment: string;
      readonly step: string;
      readonly direction: Direction;
      readonly stage: "preview" | "up" | "verify" | "gate";
      readonly reasons: readonly string[];
      /** `impossible`: the step is past its point of no return. */
      readonly wayBack: "done" | "failed" | "impossible";
      /** Command line of the run, without the program. */
      readonly command: string;
      readonly record: string;
    }
  | { readonly code: "verification-failed"; readonly environment: string; readonly failed: readonly string[] }
  | {
      readonly code: "plan-stale";
      readonly environment: string;
      readonly file: string;
      readonly moved: readonly MovedBinding[];
      readonly next: readonly string[];
    }
  | {
      readonly code: "paused";
      readonly environment: string;
      readonly since: string;
      /** The run that was asked to hold. */
      readonly command: string;
    }
  | { readonly code: "locked"; readonly environment: string; readonly holder: LockHolder | undefined }
  | { readonly code: "port-in-use"; readonly environment: string; readonly reason: string }
  | { readonly code: "no-disk"; readonly reason: string }
  | { readonly code: "component-missing"; readonly missing: readonly string[]; readonly install: readonly string[] }
  | { readonly code: "state-corrupt"; readonly environment: string; readonly reason: string }
  | {
      readonly code: "state-missing";
      readonly environment: string;
      /** What shows that it was deployed. */
      readonly sign: string;
      readonly backend: string;
    }
  | {
      readonly code: "creation-left";
      readonly environment: string;
      /** Whether anything is left: what a call made itself is taken away unless it was asked to keep it. */
      readonly left: "of-earlier-run" | "kept" | "nothing";
      readonly cause: Failure;
      readonly next: readonly string[];
    }
  | {
      readonly code: "interrupted";
      readonly environment: string;
      readonly what: string;
      readonly next: readonly string[];
    }
  | { readonly code: "metrics-unreachable"; readonly environment: string; readonly why: string }
  | { readonly code: "unsupported"; readonly what: string; readonly why: string; readonly next?: readonly string[] }
  | {
      readonly code: "not-found";
      readonly what: string;
      readonly why: string;
      readonly next: readonly string[];
    }
  | {
      readonly code: "stopped";
      readonly signal: "SIGINT" | "SIGTERM";
      readonly environment: string;
      readonly during: string;
      readonly next: readonly string[];
    }
  | { readonly code: "internal"; readonly reason: string };

/** A failure on its way to the command that reports it. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options: { readonly cause?: unknown } = {}) {
    super(failure.code, options);
    this.name = "FailureError";
    this.failure = failure;
  }
}
