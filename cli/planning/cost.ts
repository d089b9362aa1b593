import type { Topology } from "../../infra/topology/topology.ts";
import type { Cost } from "./cost/cost-line.ts";
import { localBill } from "./cost/local-bill.ts";
import { roundCents } from "./cost/round-cents.ts";
import type { Usage } from "./cost/usage.ts";

export type { Cost, CostLine } from "./cost/cost-line.ts";
export { roundCents } from "./cost/round-cents.ts";

/**
 * What a topology costs a month of 730 hours, by the plans of the growth plan; whole cents, lines in the order of a
 * request's way. The one price of every command. Without usage, a plan that usage decides is the smallest.
 */
export function costOf(topology: Topology, usage?: Usage): Cost {
  const lines = localBill(topology, usage);
  return { usdPerMonth: totalOf(lines), lines };
}

/** The sum of a bill. */
export function totalOf(lines: Cost["lines"]): number {
  return roundCents(lines.reduce((sum, line) => sum + line.usdPerMonth, 0));
}
