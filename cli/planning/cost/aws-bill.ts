import type { Topology } from "../../../infra/topology/topology.ts";
import { databasePlans } from "../../../infra/topology/database-plans.ts";
import { figures, type TierName } from "../../../service/contract/figures.ts";
import { awsPrices, type AwsPriceName } from "./aws-prices.ts";
import type { CostLine } from "./cost-line.ts";
import { roundCents } from "./round-cents.ts";
import { hoursPerMonth, type Usage } from "./usage.ts";

/** Fargate sizes of the tiers: valid pairs that are nearest to the growth plan's; starter's 0.5 CPU is the nearest with its memory doubled. */
const fargate: Readonly<Record<TierName, { readonly vcpu: number; readonly gib: number }>> = {
  starter: { vcpu: 0.5, gib: 1 },
  standard: { vcpu: 1, gib: 2 },
  pro: { vcpu: 2, gib: 4 },
};
const smallTask = { vcpu: 0.25, gib: 0.5 };
const zones = 2;
const endpoints = 5;
const secrets = 6;
const alarms = 10;
const wafRules = 4;
const samplesPerScrape = 1_000;
const scrapesPerMonth = (hoursPerMonth * 3_600) / 15;
const bytesOfLogPerRequest = 300;
/** Of an ALB: one LCU takes 25 new connections a second or 1 GB an hour; of these the gigabytes bind this shop. */
const gibPerLcuHour = 1;

/** A bill of AWS for a topology: the same phases on ECS, RDS, ElastiCache and CloudFront, lines in the order of a request's way. */
export function awsBill(topology: Topology, usage: Usage): readonly CostLine[] {
  return [...edge(topology, usage), ...tasks(topology), ...data(topology, usage), ...around(topology, usage)];
}

function edge(topology: Topology, usage: Usage): readonly CostLine[] {
  const [requests, gib] = [usage.requestsPerMonth.value / 1e6, usage.egressGiBPerMonth.value];
  const cdn = topology.cdn !== "none";
  const lcus = Math.max(1, gib / hoursPerMonth / gibPerLcuHour);
  return [
    cdn
      ? line("CloudFront", [
          ["cloudfrontGib", gib],
          ["cloudfrontMillionRequests", requests],
        ])
      : line("Traffic to the internet", [["internetGib", gib]]),
    line("Application load balancer", [
      ["albHour", hoursPerMonth],
      ["albLcuHour", lcus * hoursPerMonth],
      ["publicAddressHour", zones * hoursPerMonth],
    ]),
    line(`WAF, ${wafRules} rate rules`, [
      ["wafAclMonth", 1],
      ["wafRuleMonth", wafRules],
      ["wafMillionRequests", requests],
    ]),
  ];
}

function tasks(topology: Topology): readonly CostLine[] {
  const { vcpu, gib } = fargate[topology.tier];
  const task = (item: string, count: number, size: { vcpu: number; gib: number }): CostLine =>
    line(item, [
      ["fargateVcpuHour", count * size.vcpu * hoursPerMonth],
      ["fargateGibHour", count * size.gib * hoursPerMonth],
    ]);
  return [
    task(`${topology.instances} × ${topology.tier} task (${vcpu} vCPU, ${gib} GiB)`, topology.instances, { vcpu, gib }),
    ...(topology.mailDelivery === "request" ? [] : [task("Mail worker task", 1, smallTask)]),
    ...(topology.pooler === "none" ? [] : [task("PgBouncer tasks, one a zone", zones, smallTask)]),
  ];
}

function data(topology: Topology, usage: Usage): readonly CostLine[] {
  const plan = databasePlans[topology.database];
  const storage = Math.max(20, plan.storageGiB, Math.ceil(usage.databaseGiB.value));
  const hour = topology.database === "free" ? "rdsT4gMicroHour" : "rdsT4gSmallHour";
  const replicas = topology.replicas;
  const server = (item: string, count: number): CostLine =>
    line(item, [
      [hour, count * hoursPerMonth],
      ["rdsStorageGib", count * storage],
    ]);
  const queue = topology.mailDelivery === "request" ? 0 : 1;
  const caches = (topology.cache === "redis" ? 1 : 0) + queue;
  return [
    server(`RDS PostgreSQL in one zone, ${storage} GiB`, 1),
    ...(replicas === 0 ? [] : [server(`${replicas} × RDS read replica`, replicas)]),
    ...(caches === 0
      ? []
      : [line(`ElastiCache, ${caches} × cache.t4g.micro`, [["cacheT4gMicroHour", caches * hoursPerMonth]])]),
  ];
}

function around(topology: Topology, usage: Usage): readonly CostLine[] {
  const series = topology.instances * samplesPerScrape;
  const logGib = (usage.requestsPerMonth.value * bytesOfLogPerRequest) / 1_024 ** 3;
  const { sentryTeamUsdPerMonth } = figures.errorTracking;
  return [
    line("SES", [["sesThousand", usage.mailsPerMonth.value / 1_000]]),
    line(`${endpoints} interface endpoints in ${zones} zones, instead of NAT`, [
      ["endpointHour", endpoints * zones * hoursPerMonth],
    ]),
    line(`${secrets} secrets`, [["secretMonth", secrets]]),
    line("CloudWatch logs", [["logGib", logGib]]),
    ...(topology.monitoring === "none"
      ? []
      : [
          line("Managed Prometheus, one collector", [
            ["prometheusTenMillionSamples", (series * scrapesPerMonth) / 1e7],
            ["prometheusCollectorHour", hoursPerMonth],
          ]),
          line(`${alarms} CloudWatch alarms`, [["alarmMonth", alarms]]),
          { item: "Sentry Team", usdPerMonth: sentryTeamUsdPerMonth, assumption: "as the growth plan has it" },
        ]),
  ];
}

/** One line from prices and amounts; its assumption shows each product and the page of its price. */
function line(item: string, parts: readonly (readonly [AwsPriceName, number])[]): CostLine {
  const usd = parts.reduce((sum, [name, amount]) => sum + awsPrices[name].usd * amount, 0);
  const shown = parts.map(([name, amount]) => {
    const { usd: each, per } = awsPrices[name];
    return `${amount.toLocaleString("en-US", { maximumFractionDigits: 1 })} ${per} at ${each}`;
  });
  const pages = new Set(parts.map(([name]) => awsPrices[name].page));
  return { item, usdPerMonth: roundCents(usd), assumption: `${shown.join(", ")} (${[...pages].join(", ")})` };
}
