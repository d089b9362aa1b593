import type { StepRecord } from "../rollout/step-record.ts";
import { duration, usdMove } from "./numbers.ts";

const outcomes: Record<StepRecord["state"], string> = {
  running: "at work",
  done: "done",
  returned: "failed and rolled back",
  stranded: "failed, and going back failed",
  stopped: "stopped",
  interrupted: "killed, taken over by a later run",
};

/** A step's outcome in words. */
function outcomeOf({ state }: Pick<StepRecord, "state">): string {
  return outcomes[state];
}

/** How long a step took, all stages. */
export function totalMs({ durationsMs }: Pick<StepRecord, "durationsMs">): number {
  return Object.values(durationsMs).reduce((sum, ms) => sum + ms, 0);
}

/** What shoppers met while a step was applied: `512 requests, 0 errors, p95 24 ms`; probes are said to be shopctl's own. */
export function trafficSummary({ traffic, gate }: Pick<StepRecord, "traffic" | "gate">): string {
  if (traffic === undefined) return "";
  const { serverErrors, requests } = traffic.step;
  const own = gate?.probes === undefined ? "" : ` (${gate.probes.sent} own)`;
  const p95 = traffic.window.latencyMs === undefined ? "?" : `${Math.round(traffic.window.latencyMs.p95)} ms`;
  return `${requests === undefined ? "?" : Math.round(requests)} requests${own}, ${serverErrors ?? "?"} errors, p95 ${p95}`;
}

/** A finished step in a few words: `done in 13.3 s`. */
export function stepOutcome(record: StepRecord): string {
  return `${outcomeOf(record)} in ${duration(totalMs(record))}`;
}

/** A finished step in one line. */
export function stepSummary(record: StepRecord): string {
  const parts = [
    stepOutcome(record),
    trafficSummary(record),
    record.usdPerMonthBefore === record.usdPerMonthAfter
      ? ""
      : usdMove(record.usdPerMonthBefore, record.usdPerMonthAfter),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}
