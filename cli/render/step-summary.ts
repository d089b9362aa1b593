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
export function outcomeOf({ state }: Pick<StepRecord, "state">): string {
  return outcomes[state];
}

/** How long a step took, all stages. */
export function totalMs({ durationsMs }: Pick<StepRecord, "durationsMs">): number {
  return Object.values(durationsMs).reduce((sum, ms) => sum + ms, 0);
}

/** What shoppers met while a step was applied: `0 errors of 512 requests, p95 24 ms`. */
export function trafficSummary({ traffic, gate }: Pick<StepRecord, "traffic" | "gate">): string {
  if (traffic === undefined) return "";
  const { serverErrors = "?", requests = "?" } = traffic.step;
  const p95 = traffic.window.latencyMs === undefined ? "?" : `${Math.round(traffic.window.latencyMs.p95)} ms`;
  const own = gate?.probes === undefined ? "" : `, ${gate.probes.sent} of them shopctl's own`;
  return `${String(serverErrors)} errors of ${typeof requests === "number" ? Math.round(requests) : requests} requests${own}, p95 ${p95}`;
}

/** A finished step in one line. */
export function stepSummary(record: StepRecord): string {
  const parts = [
    `${outcomeOf(record)} in ${duration(totalMs(record))}`,
    trafficSummary(record),
    usdMove(record.usdPerMonthBefore, record.usdPerMonthAfter),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}
