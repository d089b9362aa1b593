import { existsSync } from "node:fs";
import { join } from "node:path";
import { internalRoutes } from "../../service/contract/routes.ts";
import { assertPortsFree } from "../environment/choose-ports.ts";
import type { LocalEnvironment } from "../environment/environment.ts";
import type { Pace, ScrapeEndpoint, Target } from "../target.ts";
import { liveInstances } from "./observation/live-instances.ts";
import { observeEverything } from "./observation/observe-everything.ts";
import { observeProcesses } from "./observation/observe-processes.ts";
import { componentPlaces, processNames } from "./layout.ts";
import { deliverOutbox } from "./operations/deliver-outbox.ts";
import { findDamage, repair } from "./operations/damage.ts";
import { forgetCaches } from "./operations/forget-caches.ts";
import { readLogs } from "./operations/logs.ts";
import { findOrphans, removeOrphans } from "./operations/orphans.ts";
import { runMails } from "./operations/run-mails.ts";
import { seedShop } from "./operations/seed.ts";
import { removeEnvironmentFiles } from "./operations/teardown.ts";
import { condemnServers } from "./replication/join-servers.ts";
import { serviceState } from "./supervision/service-control.ts";
import { findUnsettledData, settleData } from "./operations/unsettled-data.ts";
import { supervisorPid } from "./supervision/supervisor.ts";

/** Connections to a new cache, for one, need a moment; probes come from many addresses. */
const pace: Pace = { patienceMs: 10_000, observeIntervalMs: 500, probesPerSecond: 12 };

/** This machine as a target: what the host, the servers and the service themselves say. */
export function localTarget(environment: LocalEnvironment): Target {
  const { paths, ports } = environment;
  return {
    pace,
    observe: () => observeEverything(environment),
    scrapeEndpoints: async () => [
      ...liveInstances(paths).map(({ name, internalPort }): ScrapeEndpoint => ({
        job: "shop",
        instance: name,
        url: metricsUrl(internalPort),
      })),
      ...mailWorkers(environment),
      { job: "router", instance: "router", url: metricsUrl(ports.routerMetrics) },
    ],
    prometheus: async () => ({ url: `http://127.0.0.1:${ports.prometheus}` }),
    readLogs: (request) => readLogs(environment, request),
    livingProcesses: async () => new Set(observeProcesses(paths).map(({ name }) => name)),
    assertCreatable: () => assertPortsFree(environment),
    lifeSigns: async () => {
      if (supervisorPid(paths) !== undefined) return "it runs";
      return existsSync(join(componentPlaces(paths).postgres.data, "PG_VERSION")) ? "it has a database" : undefined;
    },
    fill: async (size) => {
      await seedShop(environment, size);
      // Whoever asked before now has the empty shop in its cache.
      await forgetCaches(paths);
    },
    runMails: (args) => runMails(environment, args),
    deliverOutbox: (topology) => deliverOutbox(environment, topology),
    mailProvider: ({ mail }) => ({ transport: mail }),
    findOrphans: (resources) => findOrphans(environment, resources),
    removeOrphans: (orphans) => removeOrphans(environment, orphans),
    findDamage: () => findDamage(environment),
    repair: () => repair(environment),
    findUnsettledData: (topology) => findUnsettledData(environment, topology),
    settleData: (found, say) => settleData(environment, found, say),
    async unprotect() {
      await condemnServers(paths);
      return undefined;
    },
    removeFiles: () => removeEnvironmentFiles(environment),
  };
}

function mailWorkers({ paths, ports }: LocalEnvironment): readonly ScrapeEndpoint[] {
  if (serviceState(join(paths.services, processNames.mailWorker)).state !== "up") return [];
  return [{ job: "mail-worker", instance: processNames.mailWorker, url: metricsUrl(ports.mailWorker) }];
}

function metricsUrl(port: number): string {
  return `http://127.0.0.1:${port}${internalRoutes.metrics}`;
}
