import { baseline } from "../../../../infra/topology/topology.ts";
import { steps } from "../../../../cli/phases/index.ts";
import { hour, until, shared, inUse, type Scenario } from "./scenario.ts";

/** What is not known makes nothing due, and nothing not due. */
export const notKnownScenarios: readonly Scenario[] = [
  {
    name: "cache not exported",
    changes: { shop_cache_hits_total: undefined, shop_cache_misses_total: undefined },
    verdicts: { "cache-redis": "insufficient-evidence" },
  },
  {
    name: "pool not exported",
    changes: { shop_db_pool_in_use: undefined },
    verdicts: { "connection-pooler": "insufficient-evidence" },
  },
  {
    name: "users not exported",
    changes: { shop_users: undefined },
    verdicts: Object.fromEntries(steps.map(({ id }) => [id, "insufficient-evidence"])),
  },
  {
    name: "one instance of two silent",
    topology: { ...baseline, cache: "redis" },
    changes: shared,
    others: { w2: { process_resident_memory_bytes: undefined } },
    verdicts: {},
  },
  {
    name: "five minutes of history",
    lengthDays: 300 / 86_400,
    changes: inUse(9.5),
    verdicts: {
      "connection-pooler": "insufficient-evidence",
      "tier-standard": "insufficient-evidence",
      "database-paid": "insufficient-evidence",
      "cache-redis": "insufficient-evidence",
      "email-sendgrid": "insufficient-evidence",
      "rate-limits-raised": "insufficient-evidence",
      "tier-pro": "insufficient-evidence",
      "database-indexes": "insufficient-evidence",
      "query-optimisation": "insufficient-evidence",
      "email-queue": "insufficient-evidence",
      cdn: "insufficient-evidence",
      "read-replicas": "insufficient-evidence",
      partitioning: "insufficient-evidence",
      "load-balancing": "insufficient-evidence",
    },
  },
  {
    name: "a topology of six hours",
    since: until - 6 * hour,
    changes: inUse((at) => (at < until - 6 * hour ? 9.5 : 2)),
    verdicts: { "cache-redis": "insufficient-evidence" },
  },
];
