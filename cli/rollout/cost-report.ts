import type { Topology } from "../../infra/topology/topology.ts";
import { FailureError } from "../errors/failure.ts";
import { awsPrices } from "../planning/cost/aws-prices.ts";
import { breakEvens, type BreakEven } from "../planning/cost/break-evens.ts";
import { localPrices } from "../planning/cost/local-bill.ts";
import { planTotals, type PlanTotal } from "../planning/cost/plan-totals.ts";
import { hoursPerMonth, type Usage } from "../planning/cost/usage.ts";
import { priceOn, roundCents, type Cost, type TargetName } from "../planning/cost.ts";

/** What `shopctl cost --json` prints. */
export interface CostReport {
  readonly schema: "shopctl.cost/1";
  readonly environment: string | null;
  /** What is priced, in words. */
  readonly subject: string;
  readonly target: TargetName;
  readonly prices: { readonly name: string; readonly knownOn: string; readonly caution: string };
  readonly hoursPerMonth: number;
  readonly topology: Topology;
  readonly usage: Usage;
  readonly cost: Cost;
  /** Of a saved plan: what its steps make of the bill. */
  readonly after: { readonly topology: Topology; readonly cost: Cost; readonly usdPerMonthAdded: number } | null;
  readonly budget: { readonly usdPerMonth: number; readonly within: boolean } | null;
  readonly usdPerUser: number;
  readonly planTotals: readonly PlanTotal[];
  readonly breakEvens: readonly BreakEven[];
}

export interface CostQuestion {
  readonly environment: string | null;
  readonly subject: string;
  /** Whose prices. */
  readonly target: TargetName;
  readonly topology: Topology;
  readonly after: Topology | undefined;
  readonly usage: Usage;
  readonly budgetUsdPerMonth: number | undefined;
}

/** A budget in USD a month as it is typed. Throws FailureError `configuration` for anything but an amount. */
export function budgetOf(text: string): number {
  if (/^\d{1,9}(\.\d{1,2})?$/.test(text)) return Number(text);
  throw new FailureError({
    code: "configuration",
    what: `--budget ${text} is no amount`,
    why: "a budget is in USD a month",
    next: ["shopctl cost --budget 150", "shopctl cost --budget 149.50"],
  });
}

/** A bill with its assumptions, held against a budget; of a plan, the bill after it is what counts. */
export function costReport(question: CostQuestion): CostReport {
  const { environment, subject, target, topology, usage, budgetUsdPerMonth } = question;
  const cost = priceOn(target)(topology, usage);
  const after = question.after === undefined ? null : billAfter(question.after, question, cost);
  const { usdPerMonth } = after?.cost ?? cost;
  return {
    schema: "shopctl.cost/1",
    environment,
    subject,
    target,
    prices: target === "local" ? localPrices : awsPriceList(),
    hoursPerMonth,
    topology,
    usage,
    cost,
    after,
    budget:
      budgetUsdPerMonth === undefined
        ? null
        : { usdPerMonth: budgetUsdPerMonth, within: usdPerMonth <= budgetUsdPerMonth },
    usdPerUser: usage.users.value === 0 ? 0 : usdPerMonth / usage.users.value,
    planTotals: planTotals(),
    breakEvens: breakEvens(),
  };
}

function billAfter(topology: Topology, { target, usage }: CostQuestion, before: Cost): CostReport["after"] {
  const cost = priceOn(target)(topology, usage);
  return { topology, cost, usdPerMonthAdded: roundCents(cost.usdPerMonth - before.usdPerMonth) };
}

function awsPriceList(): CostReport["prices"] {
  const { name, region, knownOn, caution } = awsPrices;
  return { name: `${name}, ${region}`, knownOn, caution };
}
