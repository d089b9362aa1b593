import { figures } from "../../service/contract/figures.ts";
import type { Trigger } from "./step.ts";

/** The growth plan's own date for phase 1: every step of it is due by the user count alone from here on. */
export const beginPhase1: Trigger = {
  signal: "users",
  atLeast: figures.growth.triggersUsers.beginPhase1,
  source: "growth plan: begin phase 1 at 8,000 users",
};

/** Phase 2 is to be complete by then: a step of it that is not done is due by the user count alone. */
export const completePhase2: Trigger = {
  signal: "users",
  atLeast: figures.growth.triggersUsers.completePhase2,
  source: "growth plan: phase 2 complete at 20,000 users",
};
/** Phase 3 is to be complete by then: a step of it that is not done is due by the user count alone. */
export const completePhase3: Trigger = {
  signal: "users",
  atLeast: figures.growth.triggersUsers.completePhase3,
  source: "growth plan: phase 3 complete at 50,000 users",
};

/** Slower than the objective: resource use alone makes no tier due while shoppers are served in time. */
const onlyWith: Trigger = {
  signal: "response-p95",
  atLeast: figures.objectives.responseSecondsMax,
  source: "objective: responses within 2 s",
};

/** A tier is used up, of whichever resource first. */
export const tierUsedUp: readonly Trigger[] = [
  {
    signal: "cpu-of-tier",
    atLeast: 0.7,
    source: "advice table: 70% of the tier's CPU, with p95 over its objective",
    onlyWith,
  },
  {
    signal: "memory-of-tier",
    atLeast: 0.8,
    source: "advice table: 80% of the tier's memory, with p95 over its objective",
    onlyWith,
  },
  {
    signal: "event-loop-utilisation",
    atLeast: 0.8,
    source: "advice table: event loop 80% busy, with p95 over its objective",
    onlyWith,
  },
];
