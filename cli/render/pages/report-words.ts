import type { ReportData } from "../../rollout/report-data.ts";
import { usd } from "../numbers.ts";

/** Where the shop stands, in a sentence. */
export function roadText({ steps, users, cost }: ReportData): string {
  const done = steps.filter(({ verdict }) => verdict === "done").length;
  const due = steps.filter(({ verdict }) => verdict === "due" || verdict === "blocked");
  const shoppers = users === null ? "an unknown number of users" : `${Math.round(users).toLocaleString("en-US")} users`;
  const next = due.length === 0 ? "nothing is due" : `due: ${due.map(({ id }) => id).join(", ")}`;
  return `${shoppers}, ${usd(cost.usdPerMonth)} USD a month, ${done} of ${steps.length} steps done; ${next}.`;
}

/** The peak of the growth plan against the measured capacity. */
export function headroomText({ headroom, capacity, environment }: ReportData): string {
  if (headroom === null || capacity === null) {
    return `no capacity was measured of what runs (shopctl load capacity --env ${environment})`;
  }
  const { peakPerSecond, capacityPerSecond, used, factor } = headroom;
  return `the peak of ${peakPerSecond.toFixed(0)} requests a second is ${(used * 100).toFixed(0)}% of the ${capacityPerSecond.toFixed(0)} that were measured; ${factor.toFixed(1)} times as much would fit`;
}

/** A verdict in words. */
export function verdictText({ verdict, dueBy, needs }: ReportData["steps"][number]): string {
  const by = dueBy === null ? "" : ` by ${dueBy === "users" ? "the user count" : "its own evidence"}`;
  if (verdict === "blocked") return `due${by}, after ${needs.join(", ")}`;
  return `${verdict.replaceAll("-", " ")}${verdict === "due" ? by : ""}`;
}
