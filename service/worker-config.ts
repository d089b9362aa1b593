import { z } from "zod";
import { shopEnv } from "./contract/env.ts";
import { mailCompanions, mailSettings, mailVariables } from "./mail/mail-settings.ts";
import { readVariables, type Environment } from "./read-variables.ts";

const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** A lease must outlast the longest send and the note of it. */
const shortestLeaseMs = 6_000;

/** What whoever delivers mail of the outbox needs, with a queue or without. */
const deliveryVariables = {
  [shopEnv.databaseUrl]: z.string().regex(/^postgres(ql)?:\/\//),
  [shopEnv.databasePoolSize]: wholeNumber(1, 1_000).default(4),
  [shopEnv.mailLeaseMs]: wholeNumber(shortestLeaseMs, 3_600_000).default(60_000),
  ...mailVariables,
} as const;

const variables = z.object({
  [shopEnv.instance]: z.string().regex(/^[\w.-]{1,64}$/),
  [shopEnv.release]: z.string().regex(/^[\w.-]{1,80}$/),
  [shopEnv.host]: z.string().default("127.0.0.1"),
  [shopEnv.internalPort]: wholeNumber(1, 65_535),
  [shopEnv.queueRedisUrl]: z.string().regex(/^rediss?:\/\//),
  [shopEnv.mailAttempts]: wholeNumber(1, 100).default(12),
  [shopEnv.mailBackoffMs]: wholeNumber(1, 3_600_000).default(5_000),
  ...deliveryVariables,
});

/** Configuration of one mail worker; contains secrets, so it is never logged. */
export type WorkerConfig = ReturnType<typeof readWorkerConfig>;

/** Reads the variables of `contract/env.ts` that a worker needs; the shop's others may be set too. Throws ConfigError. */
export function readWorkerConfig(environment: Environment) {
  const value = readVariables(variables, { companions: mailCompanions }, environment);
  return {
    instance: value.SHOP_INSTANCE,
    release: value.SHOP_RELEASE,
    host: value.SHOP_HOST,
    internalPort: value.SHOP_INTERNAL_PORT,
    databaseUrl: value.SHOP_DATABASE_URL,
    databasePoolSize: value.SHOP_DATABASE_POOL_SIZE,
    queueRedisUrl: value.SHOP_QUEUE_REDIS_URL,
    attempts: value.SHOP_MAIL_ATTEMPTS,
    backoffMs: value.SHOP_MAIL_BACKOFF_MS,
    leaseMs: value.SHOP_MAIL_LEASE_MS,
    mail: mailSettings(value),
  };
}

/** Configuration of a delivery without a queue; contains secrets, so it is never logged. */
export type DeliveryConfig = ReturnType<typeof readDeliveryConfig>;

/** Reads those variables of a worker that a delivery without a queue needs. Throws ConfigError. */
export function readDeliveryConfig(environment: Environment) {
  const value = readVariables(z.object(deliveryVariables), { companions: mailCompanions }, environment);
  return {
    databaseUrl: value.SHOP_DATABASE_URL,
    databasePoolSize: value.SHOP_DATABASE_POOL_SIZE,
    leaseMs: value.SHOP_MAIL_LEASE_MS,
    mail: mailSettings(value),
  };
}
