import { databasePlans } from "../../../infra/topology/database-plans.ts";
import type { Topology } from "../../../infra/topology/topology.ts";
import { figures } from "../../../service/contract/figures.ts";
import type { CostLine } from "./cost-line.ts";
import { mailLine } from "./mail-line.ts";
import { commandsOfBudget, usdByCommand } from "./redis-commands.ts";
import { roundCents } from "./round-cents.ts";
import type { Usage } from "./usage.ts";

/** The plans that the growth plan names, at its prices; it has no date, so the day is when they were taken over. */
export const localPrices = {
  name: "Plans of the growth plan (Render, Upstash, SendGrid, CloudFront, Sentry)",
  knownOn: "2026-11-22",
  caution: "prices as the growth plan quotes them, which has no date; not fetched from any seller",
} as const;

/** A bill of the growth plan's plans, lines in the order of a request's way. Without usage, plans by usage are the smallest. */
export function localBill(topology: Topology, usage?: Usage): readonly CostLine[] {
  return [
    cdn(topology),
    instances(topology),
    pooler(topology),
    database(topology, usage),
    replicas(topology),
    cache(topology, usage),
    mailLine(topology.mail, usage),
    worker(topology),
    ...monitoring(topology),
  ].filter((line) => line !== undefined);
}

function cdn(topology: Topology): CostLine | undefined {
  if (topology.cdn === "none") return undefined;
  return {
    item: "CloudFront",
    usdPerMonth: figures.cdn.cloudfrontUsdPerMonth,
    assumption: "the growth plan's flat budget, whatever the gigabytes",
  };
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

function database(topology: Topology, usage: Usage | undefined): CostLine {
  const { storageGiB, usdPerMonth, backups } = databasePlans[topology.database];
  const used = usage?.databaseGiB.value ?? 0;
  const exceeded = `${used.toFixed(1)} GiB do not fit into ${storageGiB} GiB; the growth plan has no price for more`;
  return {
    item: `PostgreSQL, ${topology.database} plan`,
    usdPerMonth,
    assumption: `up to ${storageGiB} GiB, ${backups ? "backups included" : "no backups"}`,
    ...(used > storageGiB ? { exceeded } : {}),
  };
}

function replicas(topology: Topology): CostLine | undefined {
  const count = topology.replicas;
  if (count === 0) return undefined;
  return {
    item: `${count} × read replica`,
    usdPerMonth: roundCents(count * figures.database.paid.usdPerMonth),
    assumption: "each a database of the paid plan; the growth plan has no price for one and none in its total",
  };
}

function cache(topology: Topology, usage: Usage | undefined): CostLine | undefined {
  if (topology.cache === "memory") return undefined;
  const { budgetUsdPerMonth, upstashUsdPer100kCommands } = figures.cache;
  const commands = usage?.cacheCommandsPerMonth.value ?? 0;
  const exceeded = `${commands.toLocaleString("en-US", { maximumFractionDigits: 0 })} commands a month cost ${usdByCommand(commands).toFixed(2)} by the command; the budget holds only with a plan of a fixed price`;
  return {
    item: "Redis (Upstash)",
    usdPerMonth: budgetUsdPerMonth,
    assumption: `${commandsOfBudget.toLocaleString("en-US")} commands at ${upstashUsdPer100kCommands} USD per 100,000`,
    ...(commands > commandsOfBudget ? { exceeded } : {}),
  };
}

function worker(topology: Topology): CostLine | undefined {
  if (topology.mailDelivery === "request") return undefined;
  return {
    item: "Mail worker and its queue",
    usdPerMonth: 0,
    assumption: "run beside the instance and the cache on their plans; the growth plan has no price for them",
  };
}

function monitoring(topology: Topology): readonly CostLine[] {
  if (topology.monitoring === "none") return [];
  return [
    { item: "Prometheus", usdPerMonth: 0, assumption: "runs on the operator's machine, its storage included" },
    {
      item: "Sentry Team",
      usdPerMonth: figures.errorTracking.sentryTeamUsdPerMonth,
      assumption: "the growth plan's monitoring; on this machine a sink takes its reports",
    },
  ];
}
