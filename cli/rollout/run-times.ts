import { isStepId } from "../phases/index.ts";
import type { StepRecord } from "./step-record.ts";

/** Runs that a lead time is taken of: older ones met another shop. */
const lastRuns = 3;

/**
 * When a step last touched what the shop runs on, in seconds since 1970: loads before it were of another topology. Undefined
 * where none did. A deployment is none: shops deploy daily, and would never have days to be judged by, nor a forecast.
 */
export function lastChange(newestFirst: readonly StepRecord[]): number | undefined {
  const last = newestFirst.find(({ step, stage }) => isStepId(step) && stage !== "preview");
  return last && Date.parse(last.endedAt ?? last.startedAt) / 1_000;
}

/** The longest of a step's last runs from begin to end, its gate included, in minutes; undefined without one that was kept. */
export function longestRun(newestFirst: readonly StepRecord[]): number | undefined {
  const minutes = newestFirst
    .filter(({ state, direction, endedAt }) => state === "done" && direction === "apply" && endedAt !== undefined)
    .slice(0, lastRuns)
    .map(({ startedAt, endedAt }) => (Date.parse(endedAt ?? startedAt) - Date.parse(startedAt)) / 60_000);
  return minutes.length === 0 ? undefined : Math.max(...minutes);
}
