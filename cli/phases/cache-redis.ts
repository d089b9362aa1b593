import { counted } from "./counted.ts";
import { beginPhase1 } from "./evidence.ts";
import { noProcess, processesUp } from "./proofs.ts";
import type { Step } from "./step.ts";

/** Redis instead of a cache in each process: limits hold over all instances, and a restart keeps what was cached. */
export const cacheRedis: Step<"cache-redis"> = {
  id: "cache-redis",
  phase: 1,
  title: "Redis for the cache and limits of all instances",
  needs: [],
  isDone: (topology) => topology.cache === "redis",
  apply: (topology) => ({ ...topology, cache: "redis" }),
  revert: (topology) => ({ ...topology, cache: "memory" }),
  triggers: [
    {
      signal: "processes-with-private-cache",
      atLeast: 2,
      source: "advice table: more than one process with an in-memory cache",
    },
    {
      signal: "cache-hits-lost-at-restarts",
      atLeast: 0.1,
      source: "advice table: hit ratio lost at restarts; 10 points of it is this product's own line",
    },
    { signal: "cache-memory-of-tier", atLeast: 0.25, source: "advice table: cache memory 25% of the tier" },
    beginPhase1,
  ],
  interruption: "none; the new cache starts empty, so the first minute reads more from the database",
  risk: "low",
  leadTimeMinutes: 1,
  verify: (observation) => [
    processesUp(observation, "redis"),
    {
      what: "service instances are connected to the cache",
      ok: (observation.cache?.clients ?? 0) > 0,
      found: observation.cache === undefined ? "no answer" : counted(observation.cache.clients, "connection"),
      expected: "1 connection or more",
    },
  ],
  verifyUndone: (observation) => [noProcess(observation, "redis")],
};
