import { figures } from "../../../service/contract/figures.ts";
import { shopEnv } from "../../../service/contract/env.ts";
import type { ShopEnvName } from "../../../service/contract/env.ts";
import type { Credentials, PortPlan } from "../../environment/environment.ts";
import { databasePlans } from "../../topology/database-plans.ts";
import type { Topology } from "../../topology/topology.ts";
import { derivedSecret } from "../../environment/derived-secret.ts";
import { faultProject } from "../fault-sink/sink-config.ts";
import { smtpUser } from "../mail-sink/sink-config.ts";
import { instancePoolSize, replicaPoolSize } from "../../topology/connection-budget.ts";

export type Variables = Partial<Record<ShopEnvName, string>>;

/** Time that a stopping instance answers 503 on /readyz before it stops accepting; the router's checks see it twice. */
export const drainMs = 1_500;

/** A canary stands beside two generations of instances for a moment, and gets a fraction of the requests of one. */
const canaryPoolPart = 4;

/** Node processes of an instance: one for each whole core, because one cannot use more. */
function workersOf({ tier }: Topology): number {
  return Math.max(1, Math.floor(figures.tiers[tier].cpu));
}

/** The configuration of every instance of a topology, without secrets and without what only one instance knows. */
export function serviceVariables(
  topology: Topology,
  ports: PortPlan,
  { release, isCanary = false }: { readonly release: string; readonly isCanary?: boolean },
): Variables {
  const plan = databasePlans[topology.database];
  const workers = workersOf(topology);
  const mode = topology.pooler === "none" ? "direct" : "pooled";
  const poolSize = instancePoolSize(mode, plan.maxConnections, { instances: topology.instances, workers });
  const shareOf = (connections: number): number =>
    isCanary ? Math.max(workers, Math.floor(connections / canaryPoolPart)) : connections;
  return {
    [shopEnv.release]: release,
    [shopEnv.host]: "127.0.0.1",
    [shopEnv.databaseMode]: mode,
    [shopEnv.workers]: String(workers),
    [shopEnv.databasePoolSize]: String(shareOf(poolSize)),
    ...(topology.replicas === 0
      ? {}
      : {
          [shopEnv.replicaPoolSize]: String(
            shareOf(replicaPoolSize(plan.maxConnections, { instances: topology.instances, workers })),
          ),
        }),
    [shopEnv.queries]: topology.queries,
    [shopEnv.databaseStorageGiB]: String(plan.storageGiB),
    [shopEnv.databaseCpu]: String(plan.cpu),
    [shopEnv.cache]: topology.cache,
    [shopEnv.mailDelivery]: topology.mailDelivery === "queue" ? "queue" : "inline",
    ...mailVariables(topology, ports),
    ...(topology.cdn === "none" ? {} : { [shopEnv.cdnPurgeUrl]: `http://127.0.0.1:${ports.cdnControl}` }),
    [shopEnv.limits]: topology.limits,
    [shopEnv.trustedProxies]: "127.0.0.1",
    [shopEnv.memoryMiB]: String(figures.tiers[topology.tier].memoryMiB),
    [shopEnv.drainMs]: String(drainMs),
  };
}

/** The secret part: only what this topology uses, so that a credential that is not used is nowhere. */
export function secretVariables(topology: Topology, ports: PortPlan, credentials: Credentials): Variables {
  return {
    [shopEnv.databaseUrl]: databaseUrl(topology, ports, credentials),
    ...(topology.cache === "redis"
      ? { [shopEnv.redisUrl]: `redis://:${credentials.redis}@127.0.0.1:${ports.redis}/0` }
      : {}),
    // With the queue only the worker sends.
    ...(topology.mailDelivery === "queue" ? {} : mailSecrets(topology, ports, credentials)),
    ...(topology.monitoring === "none"
      ? {}
      : {
          [shopEnv.sentryDsn]: `http://${derivedSecret(credentials, "fault-sink")}@127.0.0.1:${ports.faultSink}/${faultProject}`,
        }),
    ...(topology.cdn === "none" ? {} : { [shopEnv.cdnPurgeKey]: derivedSecret(credentials, "cdn-purge") }),
    ...(topology.replicas === 0
      ? {}
      : {
          [shopEnv.replicaUrls]: databaseServerPorts(topology, ports)
            .map((port) => `postgres://shop:${credentials.databaseShop}@127.0.0.1:${port}/shop`)
            .join(","),
        }),
  };
}

/** Which provider takes the mail. */
export function mailVariables({ mail }: Topology, ports: PortPlan): Variables {
  return {
    [shopEnv.mail]: mail,
    [shopEnv.sendgridBaseUrl]: `http://127.0.0.1:${ports.mailApi}`,
    [shopEnv.mailFrom]: "orders@shop.example.test",
  };
}

/** What the provider knows the shop by. */
export function mailSecrets({ mail }: Topology, ports: PortPlan, credentials: Credentials): Variables {
  return mail === "smtp"
    ? { [shopEnv.smtpUrl]: `smtp://${smtpUser}:${credentials.smtp}@127.0.0.1:${ports.mailSmtp}` }
    : { [shopEnv.sendgridApiKey]: credentials.sendgrid };
}

/** The database as the shop's role reaches it. */
export function databaseUrl({ pooler }: Topology, ports: PortPlan, credentials: Credentials): string {
  const port = pooler === "none" ? ports.postgres : ports.pgbouncer;
  return `postgres://shop:${credentials.databaseShop}@127.0.0.1:${port}/shop`;
}

/**
 * All of the database's servers, the first one last: an instance finds out by itself which of them follow, so that another
 * primary changes nothing for it. Replica n is server n as long as the first one is the primary.
 */
function databaseServerPorts({ replicas }: Topology, ports: PortPlan): readonly number[] {
  return [...Array.from({ length: replicas }, (_, at) => ports.replicaFirst + at), ports.postgres];
}
