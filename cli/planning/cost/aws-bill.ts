import type { Topology } from "../../../infra/topology/topology.ts";
import {
  databaseClasses,
  poolers,
  redisNodeType,
  smallTask,
  taskSizes,
  type TaskSize,
} from "../../../infra/aws/sizes.ts";
import { figures } from "../../../service/contract/figures.ts";
import { awsPrices, type AwsPriceName } from "./aws-prices.ts";
import type { CostLine } from "./cost-line.ts";
import { mailLine } from "./mail-line.ts";
import { roundCents } from "./round-cents.ts";
import { hoursPerMonth, type Usage } from "./usage.ts";

const zones = 2;
export const wafRules = 2;
/** That alarms are encrypted with on their way. */
export const keys = 1;
/** What a mail takes on its way out through the NAT gateway; images come past it, from S3. */
const bytesPerMail = 10_240;
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
    line(`WAF, ${wafRules} rules`, [
      ["wafAclMonth", 1],
      ["wafRuleMonth", wafRules],
      ["wafMillionRequests", requests],
    ]),
  ];
}

function tasks(topology: Topology): readonly CostLine[] {
  const task = (item: string, count: number, { cpu, memoryMiB }: TaskSize): CostLine =>
    line(item, [
      ["fargateArmVcpuHour", (count * cpu * hoursPerMonth) / 1_024],
      ["fargateArmGibHour", (count * memoryMiB * hoursPerMonth) / 1_024],
    ]);
  const size = taskSizes[topology.tier];
  const words = `${size.cpu / 1_024} vCPU, ${size.memoryMiB / 1_024} GiB, ARM`;
  return [
    task(`${topology.instances} × ${topology.tier} task (${words})`, topology.instances, size),
    ...(topology.mailDelivery === "request" ? [] : [task("Mail worker task", 1, smallTask)]),
    ...(topology.pooler === "none" ? [] : [task("PgBouncer tasks, one a zone", poolers, smallTask)]),
  ];
}

function data(topology: Topology, usage: Usage): readonly CostLine[] {
  const storage = Math.max(databaseClasses[topology.database].storageGiB, Math.ceil(usage.databaseGiB.value));
  const hour = topology.database === "free" ? "rdsT4gMicroHour" : "rdsT4gSmallHour";
  // With two instances the shop is to live through a zone: a standby of the database, and of each Redis.
  const copies = topology.instances > 1 ? 2 : 1;
  const { replicas } = topology;
  const server = (item: string, count: number): CostLine =>
    line(item, [
      [hour, count * hoursPerMonth],
      ["rdsStorageGib", count * storage],
    ]);
  const stores = (topology.cache === "redis" ? 1 : 0) + (topology.mailDelivery === "request" ? 0 : 1);
  const where = copies > 1 ? "with a standby in another zone" : "in one zone";
  return [
    server(`RDS PostgreSQL ${databaseClasses[topology.database].instanceClass} ${where}, ${storage} GiB`, copies),
    ...(replicas === 0 ? [] : [server(`${replicas} × RDS read replica`, replicas)]),
    ...(stores === 0
      ? []
      : [
          line(`ElastiCache for Valkey, ${stores * copies} × ${redisNodeType}`, [
            ["valkeyT4gMicroHour", stores * copies * hoursPerMonth],
          ]),
        ]),
  ];
}

function around(topology: Topology, usage: Usage): readonly CostLine[] {
  const series = topology.instances * samplesPerScrape;
  const logGib = (usage.requestsPerMonth.value * bytesOfLogPerRequest) / 1_024 ** 3;
  const { sentryTeamUsdPerMonth } = figures.errorTracking;
  return [
    topology.mail === "sendgrid"
      ? mailLine("sendgrid", usage)
      : line("SES", [["sesThousand", usage.mailsPerMonth.value / 1_000]]),
    line("NAT gateway, instead of interface endpoints", [
      ["natHour", hoursPerMonth],
      ["natGib", (usage.mailsPerMonth.value * bytesPerMail) / 1_024 ** 3],
      ["publicAddressHour", hoursPerMonth],
    ]),
    line(`${secretsOf(topology)} secrets`, [["secretMonth", secretsOf(topology)]]),
    line(`${alarmsOf(topology)} CloudWatch alarms, with a key of their own`, [
      ["alarmMonth", alarmsOf(topology)],
      ["keyMonth", keys],
    ]),
    line("CloudWatch logs", [["logGib", logGib]]),
    ...(topology.monitoring === "none"
      ? []
      : [
          line("Managed Prometheus, collectors beside the tasks", [
            ["prometheusTenMillionSamples", (series * scrapesPerMonth) / 1e7],
          ]),
          {
            item: "Sentry Team",
            usdPerMonth: sentryTeamUsdPerMonth,
            assumption: "as the growth plan has it, with SHOPCTL_SENTRY_DSN",
          },
        ]),
  ];
}

/** Of the database's owner, of the role, of its URL, and of whatever else the tasks are told in secret; Sentry's DSN among it. */
export function secretsOf(topology: Topology): number {
  const further = [
    topology.pooler !== "none",
    topology.cache === "redis",
    topology.mailDelivery === "queue",
    topology.replicas > 0,
    topology.mail === "sendgrid",
    topology.monitoring !== "none",
  ];
  return 3 + further.filter(Boolean).length;
}

/** Five of balancer and database, and one a replica. */
export function alarmsOf({ replicas }: Topology): number {
  return 5 + replicas;
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
