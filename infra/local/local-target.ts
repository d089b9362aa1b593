import { join } from "node:path";
import { internalRoutes } from "../../service/contract/routes.ts";
import type { Environment } from "../environment/environment.ts";
import type { Observation, ScrapeEndpoint, Target } from "../target.ts";
import {
  observeDatabase,
  observeMail,
  observeMonitoring,
  observePooler,
  observeReplication,
  observeRouter,
} from "./observation/observe-components.ts";
import { observeCdn } from "./observation/observe-cdn.ts";
import { observeLimits } from "./observation/observe-limits.ts";
import { observeCache, observeQueue } from "./observation/observe-redis.ts";
import { liveInstances } from "./observation/live-instances.ts";
import { observeProcesses } from "./observation/observe-processes.ts";
import { processNames } from "./layout.ts";
import { serviceState } from "./supervision/service-control.ts";

/** This machine as a target: what the host, the servers and the service themselves say. */
export const localTarget: Target = {
  async observe(environment) {
    const [router, database, replication, pooler, cache, queue, mail, limits, cdn, monitoring] = await Promise.all([
      observeRouter(environment),
      observed(observeDatabase(environment)),
      observed(observeReplication(environment)),
      observed(observePooler(environment)),
      observed(observeCache(environment)),
      observed(observeQueue(environment)),
      observed(observeMail(environment)),
      observed(limitsOf(environment)),
      observed(observeCdn(environment)),
      observed(observeMonitoring(environment)),
    ]);
    const observation: Observation = {
      at: new Date().toISOString(),
      processes: observeProcesses(environment.paths),
      router,
      ...(database && { database }),
      ...(replication && { replication }),
      ...(pooler && { pooler }),
      ...(cache && { cache }),
      ...(queue && { queue }),
      ...(mail && { mail }),
      ...(limits && { limits }),
      ...(cdn && { cdn }),
      ...(monitoring && { monitoring }),
    };
    return observation;
  },

  async scrapeEndpoints(environment) {
    const shops = liveInstances(environment.paths).map(({ name, internalPort }): ScrapeEndpoint => ({
      job: "shop",
      instance: name,
      url: `http://127.0.0.1:${internalPort}${internalRoutes.metrics}`,
    }));
    return [
      ...shops,
      ...mailWorkers(environment),
      {
        job: "router",
        instance: "router",
        url: `http://127.0.0.1:${environment.ports.routerMetrics}${internalRoutes.metrics}`,
      },
    ];
  },
};

function mailWorkers({ paths, ports }: Environment): readonly ScrapeEndpoint[] {
  if (serviceState(join(paths.services, processNames.mailWorker)).state !== "up") return [];
  const url = `http://127.0.0.1:${ports.mailWorker}${internalRoutes.metrics}`;
  return [{ job: "mail-worker", instance: processNames.mailWorker, url }];
}

/** What does not answer is not there: absence is a fact, not an error. */
async function observed<T>(question: Promise<T>): Promise<T | undefined> {
  return question.catch(() => undefined);
}

async function limitsOf(environment: Environment): Promise<Observation["limits"]> {
  const [instance] = liveInstances(environment.paths);
  return instance === undefined ? undefined : observeLimits(instance.httpPort);
}
