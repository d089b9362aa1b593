import type { ExitName } from "../exit-codes.ts";

/** A failure for people and scripts: what happened, why, and the commands that lead on. */
export interface Explanation {
  readonly exit: ExitName;
  readonly message: string;
  readonly why: readonly string[];
  readonly nextActions: readonly string[];
}
