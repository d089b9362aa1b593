import type { StepRecord } from "./step-record.ts";

/** Runs that a lead time is taken of: older ones met another shop. */
const lastRuns = 3;

/** When the topology last changed, in seconds since 1970: what was measured before it was of another one. */
export function lastChange(newestFirst: readonly StepRecord[]): number | undefined {
  const last = newestFirst.find(({ stage }) => stage !== "preview");
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
