import { z } from "zod";
import { releaseChoiceSchema } from "./release-choice.ts";

/**
 * What runs in an environment, as plain data: the stack's configuration. A step is a move between two of these.
 * Unknown fields are refused.
 */
export const topologySchema = z.strictObject({
  /** Size of each service instance; cores, memory and price in `service/contract/figures.ts`. */
  tier: z.enum(["starter", "standard", "pro"]),
  /** Service instances behind the router. */
  instances: z.int().min(1).max(8),
  /** Plan of the primary database; `paid` has more memory, connections and storage, and nightly backups. */
  database: z.enum(["free", "paid"]),
  /** What stands between the service and the database. */
  pooler: z.enum(["none", "pgbouncer"]),
  /** Where cached answers and limit counters live. */
  cache: z.enum(["memory", "redis"]),
  /** Transport of mail. */
  mail: z.enum(["smtp", "sendgrid"]),
  /** `request`: a request hands its mail over itself; `queue`: it writes it down, and a worker delivers it. */
  mailDelivery: z.enum(["request", "queue"]).default("request"),
  /** The seed's limits before (`base`) or after (`raised`). */
  limits: z.enum(["base", "raised"]),
  /** What stands before the shop for its files and for answers that are the same for everybody. */
  cdn: z.enum(["none", "nginx"]).default("none"),
  /** What watches all of it and raises the alarm. Stacks from before it existed have none. */
  monitoring: z.enum(["none", "prometheus"]).default("none"),
  /** `basic`: what the migrations make; `complete`: also those of `service/contract/indexes.ts`, built beside the traffic. */
  indexes: z.enum(["basic", "complete"]).default("basic"),
  /** `partitioned`: login attempts by month, sessions by hash of their account. */
  partitioning: z.enum(["none", "partitioned"]).default("none"),
  /** Servers that follow the primary database and answer reads, each of the primary's plan. */
  replicas: z.int().min(0).max(2).default(0),
  /** Whether a commit waits until a replica has it. */
  replication: z.enum(["asynchronous", "synchronous"]).default("asynchronous"),
  /** `daily`: what is old leaves the tables every night, login attempts for their archive. */
  archiving: z.enum(["none", "daily"]).default("none"),
  /** Whether the statements that are sent most are planned each time (`plain`), or once for each connection (`optimised`). */
  queries: z.enum(["plain", "optimised"]).default("plain"),
  /** The builds of the service that run; only a deployment changes them. Without it the build of the installation runs. */
  release: releaseChoiceSchema.optional(),
});

export type Topology = z.infer<typeof topologySchema>;

/** Where every shop starts: the seed's "current system", designed for 5,000 users. */
export const baseline: Topology = {
  tier: "starter",
  instances: 1,
  database: "free",
  pooler: "none",
  cache: "memory",
  mail: "smtp",
  mailDelivery: "request",
  limits: "base",
  cdn: "none",
  monitoring: "none",
  indexes: "basic",
  partitioning: "none",
  replicas: 0,
  replication: "asynchronous",
  archiving: "none",
  queries: "plain",
};
