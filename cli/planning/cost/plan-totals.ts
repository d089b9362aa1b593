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
  const { beginPhase1, completePhase2 } = triggersUsers;
  const mails = Math.round(plannedUsage(completePhase2).mailsPerMonth.value).toLocaleString("en-US");
  const [early, complete] = [phase2FromUsers, completePhase2].map((users) => exact(phase2, users).toFixed(2));
  return [
    total("baseline", designedForUsers, exact(baseline, designedForUsers), plan.baseline, [
      `the domain's ${domainUsdPerYear} a year is in neither`,
    ]),
    total("phase 1", beginPhase1, exact(phase1, beginPhase1), plan.phase1, ["the plan counts SendGrid's 19.95 as 20"]),
    total("phase 2", completePhase2, exactBySes(phase2, completePhase2), plan.phase2, [
      "the plan gives this total without its parts; its own prices make it where it has phase 2 complete, with mail by SES, which its checklist names beside SendGrid",
      `by SendGrid they make ${early} at ${phase2FromUsers.toLocaleString("en-US")} users (Essentials) and ${complete} here, where ${mails} mails a month are more than the ${email.sendgridEssentials.perMonth.toLocaleString("en-US")} of Essentials`,
    ]),
    total("100,000 users", targetUsers, exact(phase2, targetUsers), plan.at100k, [
      "the plan counts SendGrid's 89.95 as 90",
      "it has neither phase 3's second instance nor a replica in its total",
    ]),
  ];
}

function total(
  name: string,
  users: number,
  exactUsdPerMonth: number,
  planUsdPerMonth: number,
  because: readonly string[],
): PlanTotal {
  const off = roundCents(exactUsdPerMonth - planUsdPerMonth);
  const sign = off === 0 ? "equal" : `${off > 0 ? "+" : "−"}${Math.abs(off).toFixed(2)}`;
  return { name, users, planUsdPerMonth, exactUsdPerMonth, relation: [sign, ...because].join("; ") };
}

/** As `exact`, with mail by the thousand in place of a plan. */
function exactBySes(topology: Topology, users: number): number {
  const usage = plannedUsage(users);
  return roundCents(costOf({ ...topology, mail: "smtp" }, usage).usdPerMonth + usdBySes(usage.mailsPerMonth.value));
}

function exact(topology: Topology, users: number): number {
  return costOf(topology, plannedUsage(users)).usdPerMonth;
}
