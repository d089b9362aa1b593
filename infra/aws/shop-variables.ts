import { figures } from "../../service/contract/figures.ts";
import { shopEnv, type ShopEnvName } from "../../service/contract/env.ts";
import { instancePoolSize, replicaPoolSize } from "../topology/connection-budget.ts";
import { databasePlans } from "../topology/database-plans.ts";
import type { MailProvider } from "../target.ts";
import type { Topology } from "../topology/topology.ts";
import { databaseClasses, taskSizes } from "./sizes.ts";
import { imageOf, releaseOfImage, type AwsSettings } from "./settings.ts";

/** Ports inside a task; each task has an address of its own, so they need not differ between tasks. */
export const taskPorts = { http: 8_080, internal: 9_090 } as const;

/** Configuration of the shop's tasks without secrets. The tier's whole cores are workers, as on the local target. */
export function shopVariables(
  topology: Topology,
  settings: AwsSettings,
  name: string,
): Partial<Record<ShopEnvName, string>> {
  const { cpu } = figures.tiers[topology.tier];
  const plan = databasePlans[topology.database];
  const databaseClass = databaseClasses[topology.database];
  const workers = Math.max(1, Math.floor(cpu));
  const shared = { instances: topology.instances, workers };
  const { transport, perDay } = mailProviderOf(topology, settings);
  const mode = topology.pooler === "none" ? "direct" : "pooled";
  return {
    [shopEnv.instance]: name,
    [shopEnv.release]: releaseOfImage(imageOf(settings, topology)),
    [shopEnv.host]: "0.0.0.0",
    [shopEnv.httpPort]: String(taskPorts.http),
    [shopEnv.internalPort]: String(taskPorts.internal),
    [shopEnv.databaseMode]: mode,
    [shopEnv.workers]: String(workers),
    [shopEnv.databasePoolSize]: String(instancePoolSize(mode, plan.maxConnections, shared)),
    ...(topology.replicas === 0
      ? {}
      : { [shopEnv.replicaPoolSize]: String(replicaPoolSize(plan.maxConnections, shared)) }),
    [shopEnv.queries]: topology.queries,
    [shopEnv.databaseStorageGiB]: String(databaseClass.mostStorageGiB),
    [shopEnv.databaseCpu]: String(databaseClass.cpu),
    [shopEnv.cache]: topology.cache,
    [shopEnv.mail]: transport,
    ...(perDay === undefined ? {} : { [shopEnv.mailQuotaPerDay]: String(perDay) }),
    [shopEnv.mailDelivery]: topology.mailDelivery === "queue" ? "queue" : "inline",
    [shopEnv.sesRegion]: settings.region,
    [shopEnv.mailFrom]: settings.mailFrom,
    [shopEnv.limits]: topology.limits,
    // The load balancer's addresses: nobody else reaches a task's port.
    [shopEnv.trustedProxies]: "10.20.0.0/16",
    [shopEnv.memoryMiB]: String(taskSizes[topology.tier].memoryMiB),
    [shopEnv.drainMs]: "10000",
  };
}

/** Before SendGrid it is AWS' own service. */
export function mailProviderOf({ mail }: Topology, { sendgridPerDay }: AwsSettings): MailProvider {
  return mail === "sendgrid" ? { transport: mail, perDay: sendgridPerDay } : { transport: "ses" };
}
