import type { Range } from "../../planning/cost/cost-by-month.ts";
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

/** A range in words: `9,120 (8,300 to 10,100)`; one number where there is no room. */
export function rangeText({ low, likely, high }: Range, digits = 0): string {
  const [least, middle, most] = [low, likely, high].map((value) =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  return least === most ? `${middle}` : `${middle} (${least} to ${most})`;
}

/** A verdict in words. */
export function verdictText({ verdict, dueBy, needs }: ReportData["steps"][number]): string {
  const by = dueBy === null ? "" : ` by ${dueBy === "users" ? "the user count" : "its own evidence"}`;
  if (verdict === "blocked") return `due${by}, after ${needs.join(", ")}`;
  return `${verdict.replaceAll("-", " ")}${verdict === "due" ? by : ""}`;
}
