import { databasePlans } from "../../infra/topology/database-plans.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { figures } from "../../service/contract/figures.ts";

/** One line of a monthly bill, with what it takes for granted. */
export interface CostLine {
  readonly item: string;
  readonly usdPerMonth: number;
  readonly assumption: string;
}

export interface Cost {
  readonly usdPerMonth: number;
  readonly lines: readonly CostLine[];
}

const upstashCommands = Math.round(
  (figures.cache.budgetUsdPerMonth / figures.cache.upstashUsdPer100kCommands) * 100_000,
);

/** What a topology costs a month of 730 hours, by the plans of the growth plan; whole cents, lines in the order of a request's way. */
export function costOf(topology: Topology): Cost {
  const lines = [instances(topology), pooler(topology), database(topology), replicas(topology), cache(topology), mail(topology)].filter(
    (line) => line !== undefined,
  );
  return { usdPerMonth: roundCents(lines.reduce((sum, line) => sum + line.usdPerMonth, 0)), lines };
}

/** Money in whole cents: sums of floating-point prices must not show their tails. */
export function roundCents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

function instances({ tier, instances: count }: Topology): CostLine {
  const { cpu, memoryMiB, usdPerMonth } = figures.tiers[tier];
  return {
    item: `${count} × ${tier} instance`,
    usdPerMonth: roundCents(count * usdPerMonth),
    assumption: `${cpu} CPU and ${memoryMiB} MiB each, at all hours`,
  };
}

function pooler(topology: Topology): CostLine | undefined {
  if (topology.pooler === "none") return undefined;
  return { item: "PgBouncer", usdPerMonth: 0, assumption: "runs beside the database on its plan" };
}

function database(topology: Topology): CostLine {
  const { storageGiB, usdPerMonth, backups } = databasePlans[topology.database];
  return {
    item: `PostgreSQL, ${topology.database} plan`,
    usdPerMonth,
    assumption: `up to ${storageGiB} GiB, ${backups ? "backups included" : "no backups"}`,
  };
}

function replicas(topology: Topology): CostLine | undefined {
  if (topology.replicas === 0) return undefined;
  const { usdPerMonth } = databasePlans[topology.database];
  return {
    item: `${topology.replicas} × read replica`,
    usdPerMonth: topology.replicas * usdPerMonth,
    assumption: "each costs as much as the primary's plan",
  };
}

function cache(topology: Topology): CostLine | undefined {
  if (topology.cache === "memory") return undefined;
  return {
    item: "Redis (Upstash)",
    usdPerMonth: figures.cache.budgetUsdPerMonth,
    assumption: `${upstashCommands.toLocaleString("en-US")} commands at ${figures.cache.upstashUsdPer100kCommands} USD per 100,000`,
  };
}

function mail(topology: Topology): CostLine {
  const { perMonth, usdPerMonth } = figures.email.sendgridEssentials;
  return topology.mail === "smtp"
    ? { item: "Mail by SMTP", usdPerMonth: 0, assumption: `up to ${figures.email.gmailSmtpPerDay} mails a day` }
    : {
        item: "SendGrid Essentials",
        usdPerMonth,
        assumption: `up to ${perMonth.toLocaleString("en-US")} mails a month`,
      };
}
