import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  paginateDescribeCacheParameters,
  type ReplicationGroup,
} from "@aws-sdk/client-elasticache";
import type { Observation, ProcessObservation } from "../../observation.ts";
import type { AwsView } from "./clients.ts";
import { findParameter } from "./find-parameter.ts";
import { latestMetric } from "./latest-metric.ts";

/** The cache and the queue as processes, those that there are. */
export async function observeStores(view: AwsView): Promise<readonly ProcessObservation[]> {
  const { cache, queue } = view.handles;
  const stores = [
    { component: "redis", id: cache },
    { component: "queue-redis", id: queue },
  ] as const;
  const found = await Promise.all(
    stores.map(async ({ component, id }) => (id === undefined ? [] : [processOf(component, await group(view, id))])),
  );
  return found.flat();
}

/** Who is connected to the cache, as CloudWatch has it. */
export async function observeCache(view: AwsView): Promise<Observation["cache"]> {
  const { cache } = view.handles;
  if (cache === undefined) return undefined;
  const [member] = (await group(view, cache))?.MemberClusters ?? [];
  if (member === undefined) return undefined;
  const clients = await latestMetric(view.cloudWatch, {
    namespace: "AWS/ElastiCache",
    name: "CurrConnections",
    dimensions: { CacheClusterId: member },
  });
  return clients === undefined ? undefined : { clients };
}

/** Whether the queue keeps what it is told: never evicts, and has a snapshot to come back from. */
export async function observeQueue(view: AwsView): Promise<Observation["queue"]> {
  const { queue } = view.handles;
  if (queue === undefined) return undefined;
  const found = await group(view, queue);
  const [member] = found?.MemberClusters ?? [];
  if (member === undefined) return undefined;
  const { CacheClusters: [cluster] = [] } = await view.elastiCache.send(
    new DescribeCacheClustersCommand({ CacheClusterId: member }),
  );
  const { CacheParameterGroupName } = cluster?.CacheParameterGroup ?? {};
  const pages = paginateDescribeCacheParameters({ client: view.elastiCache }, { CacheParameterGroupName });
  const policy = await findParameter(pages, "maxmemory-policy");
  return { evictionPolicy: policy ?? "unknown", appendOnly: (found?.SnapshotRetentionLimit ?? 0) > 0 };
}

async function group({ elastiCache }: AwsView, id: string): Promise<ReplicationGroup | undefined> {
  const { ReplicationGroups: [found] = [] } = await elastiCache.send(
    new DescribeReplicationGroupsCommand({ ReplicationGroupId: id }),
  );
  return found;
}

function processOf(component: "redis" | "queue-redis", found: ReplicationGroup | undefined): ProcessObservation {
  const up = found?.Status === "available" || found?.Status === "snapshotting";
  return { name: found?.ReplicationGroupId ?? component, component, state: up ? "up" : "restarting" };
}
