import type { Topology } from "../../../infra/topology/topology.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { figures } from "../../../service/contract/figures.ts";
import { costOf } from "../cost.ts";
import { usdBySes } from "./mail-line.ts";
import { roundCents } from "./round-cents.ts";
import { plannedUsage } from "./usage.ts";

/** One of the growth plan's monthly totals beside the exact sum of what it lists. */
export interface PlanTotal {
  readonly name: string;
  readonly users: number;
  readonly planUsdPerMonth: number;
  readonly exactUsdPerMonth: number;
  /** How the two relate, in words. */
  readonly relation: string;
}

const phase1: Topology = {
  ...baseline,
  tier: "standard",
  pooler: "pgbouncer",
  database: "paid",
  cache: "redis",
  mail: "sendgrid",
  limits: "raised",
};
const phase2: Topology = { ...phase1, tier: "pro", monitoring: "prometheus", cdn: "nginx" };

/** The growth plan's four totals, each recomputed from its own parts at its own usage. */
export function planTotals(): readonly PlanTotal[] {
  const { totalsUsdPerMonth: plan, domainUsdPerYear, email, growth } = figures;
  const { designedForUsers, phase2FromUsers, targetUsers, triggersUsers } = growth;
  const mails = plannedUsage(phase2FromUsers).mailsPerMonth.value;
  const withSes = roundCents(exact(phase2, phase2FromUsers) - email.sendgridEssentials.usdPerMonth + usdBySes(mails));
  return [
    total("baseline", baseline, designedForUsers, plan.baseline, [
      `the domain's ${domainUsdPerYear} a year is in neither`,
    ]),
    total("phase 1", phase1, triggersUsers.beginPhase1, plan.phase1, ["the plan counts SendGrid's 19.95 as 20"]),
    total("phase 2", phase2, phase2FromUsers, plan.phase2, [
      "the plan gives a total without its parts; these are its parts at its own prices",
      `with mail by SES, which it names too, they are ${withSes.toFixed(2)}`,
    ]),
    total("100,000 users", phase2, targetUsers, plan.at100k, [
      "the plan counts SendGrid's 89.95 as 90",
      "it has neither phase 3's second instance nor a replica in its total",
    ]),
  ];
}

function total(
  name: string,
  topology: Topology,
  users: number,
  planUsdPerMonth: number,
  because: readonly string[],
): PlanTotal {
  const exactUsdPerMonth = exact(topology, users);
  const off = roundCents(exactUsdPerMonth - planUsdPerMonth);
  const sign = off === 0 ? "equal" : `${off > 0 ? "+" : "−"}${Math.abs(off).toFixed(2)}`;
  return { name, users, planUsdPerMonth, exactUsdPerMonth, relation: [sign, ...because].join("; ") };
}

function exact(topology: Topology, users: number): number {
  return costOf(topology, plannedUsage(users)).usdPerMonth;
}
