import type { DatabaseFacts } from "../../../service/contract/database-facts.ts";
import type { Observation } from "../../observation.ts";
import { taskSizes } from "../sizes.ts";
import { observeBalancer } from "./observe-balancer.ts";
import type { AwsView } from "./clients.ts";
import { observeDatabase, observeReplicas, observeServers } from "./observe-database.ts";
import { observeCdn, observeDistribution } from "./observe-edge.ts";
import { observeCache, observeQueue, observeStores } from "./observe-redis.ts";
import { observeMonitoring } from "./observe-monitoring.ts";
import { observeSchedules } from "./observe-schedules.ts";
import { observeShop } from "./observe-shop.ts";
import { observeTasks } from "./observe-tasks.ts";

/** Work that AWS' own services do: purging (CloudFront), mail (SES, SendGrid), failover (RDS), host metrics (CloudWatch). */
const managed = ["cdn-control", "mail-sink", "replication-guard", "exporter"] as const;

const tiers: NonNullable<Observation["tiers"]> = {
  starter: limitsOf("starter"),
  standard: limitsOf("standard"),
  pro: limitsOf("pro"),
};

/** All facts of an environment on AWS, asked at one time. A question that AWS does not answer has no fact; one that it refuses throws. */
export async function observeEverything(
  view: AwsView,
  url: string,
  facts: () => Promise<DatabaseFacts | undefined>,
): Promise<Observation> {
  const [
    tasks,
    router,
    servers,
    database,
    replication,
    stores,
    cache,
    queue,
    distribution,
    cdn,
    schedules,
    told,
    watched,
  ] = await Promise.all([
    observeTasks(view),
    observeBalancer(view, url),
    observeServers(view),
    observeDatabase(view),
    observeReplicas(view),
    observeStores(view),
    observeCache(view),
    observeQueue(view),
    observeDistribution(view),
    observeCdn(view, url).catch(() => undefined),
    observeSchedules(view),
    facts(),
    observeMonitoring(view, view.region).catch(() => undefined),
  ]);
  const poolers = tasks.filter(({ process }) => process.component === "pgbouncer");
  return {
    at: new Date().toISOString(),
    processes: [
      ...tasks.map(({ process }) => process),
      ...servers,
      ...stores,
      ...distribution,
      ...schedules,
      ...(watched?.processes ?? []),
    ],
    managed,
    tiers,
    router,
    ...observeShop(tasks),
    ...(database && {
      database: {
        ...database,
        ...(told && {
          sizeBytes: told.sizeBytes,
          connections: told.connections,
          maxConnections: told.maxConnections ?? database.maxConnections,
          indexes: told.indexes,
          attempts: told.attempts,
          partitions: told.partitions,
        }),
      },
    }),
    ...(replication && { replication }),
    ...(poolers.some(({ process }) => process.state === "up") && { pooler: {} }),
    ...(cache && { cache }),
    ...(queue && { queue }),
    ...(cdn && { cdn }),
    ...(watched && { monitoring: watched.monitoring }),
  };
}

function limitsOf(tier: keyof typeof taskSizes): { readonly cpu: number; readonly memoryMiB: number } {
  const { cpu, memoryMiB } = taskSizes[tier];
  return { cpu: cpu / 1_024, memoryMiB };
}
