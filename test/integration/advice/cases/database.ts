import { growing, histogram, type Case } from "./case.ts";

/** Signals of the pool in each instance and of the database behind it. */
export const databaseCases: readonly Case[] = [
  {
    what: "a p95 is over all instances, linear inside its bucket",
    signal: "pool-wait-p95",
    instances: {
      w1: histogram("shop_db_pool_wait_seconds", { "0.05": 1, "0.1": 1, "+Inf": 1 }),
      w2: histogram("shop_db_pool_wait_seconds", { "0.05": 0, "0.1": 1, "+Inf": 1 }),
    },
    level: 0.095,
  },
  {
    what: "a quantile without one of the instances is none",
    signal: "pool-wait-p95",
    instances: { w1: histogram("shop_db_pool_wait_seconds", { "0.05": 1, "+Inf": 1 }), w2: {} },
    lack: { why: "w2 gives no shop_db_pool_wait_seconds_bucket", leaves: "nothing" },
  },
  {
    what: "what every instance reports alike needs one of them",
    signal: "database-size-ratio",
    instances: { w1: { shop_db_size_bytes: 3, shop_db_size_max_bytes: 4 }, w2: {} },
    level: 0.75,
  },
  {
    what: "the worst instance counts",
    signal: "pool-utilisation",
    instances: {
      w1: { shop_db_pool_in_use: 2, shop_db_pool_size: 10 },
      w2: { shop_db_pool_in_use: 8, shop_db_pool_size: 10 },
    },
    level: 0.8,
  },
  {
    what: "the database counts once, however many instances report it",
    signal: "database-busy-ratio",
    instances: {
      w1: { shop_db_active_seconds_total: growing(0.2), shop_db_cpus: 0.5 },
      w2: { shop_db_active_seconds_total: growing(0.2), shop_db_cpus: 0.5 },
    },
    level: 0.4,
  },
  {
    what: "connections are of the plan's",
    signal: "server-connections-ratio",
    instances: { w1: { shop_db_server_connections: 5, shop_db_server_connections_max: 20 } },
    level: 0.25,
  },
];
