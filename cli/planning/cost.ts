import type { Environment } from "../../infra/environment/environment.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { awsBill } from "./cost/aws-bill.ts";
import type { Cost } from "./cost/cost-line.ts";
import { localBill } from "./cost/local-bill.ts";
import { roundCents } from "./cost/round-cents.ts";
import { noUsage, type Usage } from "./cost/usage.ts";

export type { Cost, CostLine } from "./cost/cost-line.ts";
export { roundCents } from "./cost/round-cents.ts";

export type TargetName = Environment["target"];
export const targetNames = ["local", "aws"] as const satisfies readonly TargetName[];

/** What a topology costs a month of 730 hours; whole cents, lines in the order of a request's way. */
export type PriceOf = (topology: Topology, usage?: Usage) => Cost;

/** By the plans of the growth plan, for what runs on this machine. Without usage, a plan that usage decides is the smallest. */
export const costOf: PriceOf = (topology, usage) => costOfLines(localBill(topology, usage));

/** By AWS' list prices. Without usage, what is paid by use is not in it. */
const costOnAws: PriceOf = (topology, usage = noUsage) => costOfLines(awsBill(topology, usage));

/** The one price of every command for environments of a target. */
export function priceOn(target: TargetName): PriceOf {
  return target === "local" ? costOf : costOnAws;
}

function costOfLines(lines: Cost["lines"]): Cost {
  return { usdPerMonth: totalOf(lines), lines };
}

/** The sum of a bill. */
export function totalOf(lines: Cost["lines"]): number {
  return roundCents(lines.reduce((sum, line) => sum + line.usdPerMonth, 0));
}
