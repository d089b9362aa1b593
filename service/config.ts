import { join } from "node:path";
import { z } from "zod";
import { shopEnv } from "./contract/env.ts";
import { mailCompanions, mailSettings, mailVariables } from "./mail/mail-settings.ts";
import { queryForms } from "./store/query-form.ts";
import { readVariables, type Companion, type Environment } from "./read-variables.ts";

const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) => z.coerce.number().int().min(min).max(max);
const port = wholeNumber(1, 65_535);
const positive = z.coerce.number().positive();

const variables = z.object({
  [shopEnv.instance]: z.string().regex(/^[\w.-]{1,64}$/),
  [shopEnv.release]: z.string().regex(/^[\w.-]{1,80}$/),
  [shopEnv.host]: z.string().default("127.0.0.1"),
  [shopEnv.httpPort]: port,
  [shopEnv.internalPort]: port,
  [shopEnv.workers]: wholeNumber(1, 16).default(1),
  [shopEnv.databaseUrl]: z.string().regex(/^postgres(ql)?:\/\//),
  [shopEnv.databaseMode]: z.enum(["direct", "pooled"]).default("direct"),
  [shopEnv.databasePoolSize]: wholeNumber(1, 1_000),
  [shopEnv.replicaUrls]: z
    .string()
    .regex(/^postgres(ql)?:\/\/[^,]+(,\s*postgres(ql)?:\/\/[^,]+)*$/)
    .optional(),
  [shopEnv.replicaPoolSize]: wholeNumber(1, 1_000).optional(),
  [shopEnv.queries]: z.enum(queryForms).default("plain"),
  [shopEnv.databaseStorageGiB]: positive,
  [shopEnv.databaseCpu]: positive,
  [shopEnv.cache]: z.enum(["memory", "redis", "none"]).default("memory"),
  [shopEnv.redisUrl]: z
    .string()
    .regex(/^rediss?:\/\//)
    .optional(),
  ...mailVariables,
  [shopEnv.mailDelivery]: z.enum(["inline", "queue"]).default("inline"),
  [shopEnv.limits]: z.enum(["base", "raised"]).default("base"),
  [shopEnv.trustedProxies]: z.string().default(""),
  [shopEnv.originKeyHash]: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  [shopEnv.cdnPurgeUrl]: z
    .string()
    .regex(/^https?:\/\/[^/@\s]+$/)
    .optional(),
  [shopEnv.cdnPurgeKey]: z.string().min(16).optional(),
  [shopEnv.sentryDsn]: z
    .string()
    .regex(/^https?:\/\/\w+@[\w.:-]+(\/[\w-]+)*\/\d+$/)
    .optional(),
  [shopEnv.sentryEnvironment]: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .default("production"),
  [shopEnv.memoryMiB]: wholeNumber(64),
  [shopEnv.storefront]: z.string().default(join(import.meta.dirname, "storefront")),
  [shopEnv.drainMs]: wholeNumber(0, 60_000).default(1_500),
});

const companions: readonly Companion[] = [{ when: shopEnv.cache, is: "redis", needs: shopEnv.redisUrl }];

/** Configuration of one shop process; contains secrets, so it is never logged. */
export type Config = ReturnType<typeof readConfig>;

/** Reads the variables of `contract/env.ts`; an empty variable counts as unset. Throws ConfigError. */
export function readConfig(environment: Environment) {
  // With the queue only the workers send, so that only they need a provider's credentials.
  const sends = environment[shopEnv.mailDelivery] !== "queue";
  const needed = sends ? [...companions, ...mailCompanions] : companions;
  const value = readVariables(variables, { companions: needed, alsoMissing }, environment);
  return {
    instance: value.SHOP_INSTANCE,
    release: value.SHOP_RELEASE,
    host: value.SHOP_HOST,
    httpPort: value.SHOP_HTTP_PORT,
    internalPort: value.SHOP_INTERNAL_PORT,
    workers: value.SHOP_WORKERS,
    databaseUrl: value.SHOP_DATABASE_URL,
    databaseMode: value.SHOP_DATABASE_MODE,
    databasePoolSize: value.SHOP_DATABASE_POOL_SIZE,
    replicaUrls: value.SHOP_REPLICA_URLS?.split(",").map((url) => url.trim()) ?? [],
    replicaPoolSize: value.SHOP_REPLICA_POOL_SIZE ?? value.SHOP_DATABASE_POOL_SIZE,
    queries: value.SHOP_QUERIES,
    databaseStorageGiB: value.SHOP_DATABASE_STORAGE_GIB,
    databaseCpu: value.SHOP_DATABASE_CPU,
    /** False asks the database for every answer: for measuring and for finding faults. */
    caches: value.SHOP_CACHE !== "none",
    /** Undefined keeps cache and limits in the process. */
    redisUrl: value.SHOP_CACHE === "redis" ? value.SHOP_REDIS_URL : undefined,
    mail: mailSettings(value),
    mailDelivery: value.SHOP_MAIL_DELIVERY,
    limits: value.SHOP_LIMITS,
    proxies: {
      trusted: value.SHOP_TRUSTED_PROXIES.split(",")
        .map((address) => address.trim())
        .filter((address) => address !== ""),
      originKeyHash: value.SHOP_ORIGIN_KEY_SHA256,
    },
    /** Undefined where no CDN holds answers. */
    cdn: cdnOf(value.SHOP_CDN_PURGE_URL, value.SHOP_CDN_PURGE_KEY),
    sentryDsn: value.SHOP_SENTRY_DSN,
    sentryEnvironment: value.SHOP_SENTRY_ENVIRONMENT,
    memoryMiB: value.SHOP_MEMORY_MIB,
    storefront: value.SHOP_STOREFRONT,
    drainMs: value.SHOP_DRAIN_MS,
  };
}

function cdnOf(purgeUrl: string | undefined, purgeKey: string | undefined) {
  return purgeUrl === undefined || purgeKey === undefined ? undefined : { purgeUrl, purgeKey };
}

function alsoMissing(set: Environment): string[] {
  const withoutKey = set[shopEnv.cdnPurgeUrl] !== undefined && set[shopEnv.cdnPurgeKey] === undefined;
  return [
    ...missingForReplicas(set),
    ...(withoutKey ? [`${shopEnv.cdnPurgeKey} is not set, and ${shopEnv.cdnPurgeUrl} needs it`] : []),
  ];
}

/** What one instance wrote the others only know through Redis; without it a customer could miss an own order. */
function missingForReplicas(set: Environment): string[] {
  const isShared = set[shopEnv.replicaUrls] === undefined || set[shopEnv.cache] === "redis";
  return isShared ? [] : [`${shopEnv.replicaUrls} needs ${shopEnv.cache}=redis`];
}
