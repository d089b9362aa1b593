import type { LocalEnvironment } from "../../environment/environment.ts";
import type { Observation } from "../../observation.ts";
import { liveInstances } from "./live-instances.ts";
import { observeCdn } from "./observe-cdn.ts";
import {
  observeDatabase,
  observeMail,
  observeMonitoring,
  observePooler,
  observeReplication,
  observeRouter,
} from "./observe-components.ts";
import { observeLimits } from "./observe-limits.ts";
import { observeProcesses } from "./observe-processes.ts";
import { observeCache, observeQueue } from "./observe-redis.ts";

/** All facts of an environment on this machine, asked at one time. */
export async function observeEverything(environment: LocalEnvironment): Promise<Observation> {
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
  return {
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
}

/** What does not answer is not there: absence is a fact, not an error. */
async function observed<T>(question: Promise<T>): Promise<T | undefined> {
  return question.catch(() => undefined);
}

async function limitsOf(environment: LocalEnvironment): Promise<Observation["limits"]> {
  const [instance] = liveInstances(environment.paths);
  return instance === undefined ? undefined : observeLimits(instance.httpPort);
}
