import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { Background } from "./background.ts";
import { Passwords } from "./accounts/passwords.ts";
import { noCdn } from "./cdn/cdn.ts";
import { PurgingCdn } from "./cdn/purging-cdn.ts";
import { CacheAside } from "./cache/cache-aside.ts";
import { cacheNames, type CacheName } from "./cache/cache-names.ts";
import { MemoryCache } from "./cache/memory-cache.ts";
import { RedisCache } from "./cache/redis-cache.ts";
import { connectRedis } from "./cache/redis-client.ts";
import type { Config } from "./config.ts";
import type { FaultReporter } from "./faults/fault-reporter.ts";
import type { Services } from "./http/services.ts";
import { accountQuotas } from "./limits/account-quotas.ts";
import { Limiter } from "./limits/limiter.ts";
import { accountRule, limitRules, ownAccountRule } from "./limits/rules.ts";
import { SharedAddresses } from "./limits/shared-addresses.ts";
import { tierQuotas } from "./limits/tiers.ts";
import { TokenLookups } from "./limits/token-lookups.ts";
import { createTransport, mailTimeoutMs } from "./mail/create-transport.ts";
import { InlinePostOffice } from "./mail/inline-post-office.ts";
import type { MailKind } from "./mail/mail.ts";
import type { PostOffice } from "./mail/post-office.ts";
import { QueuedPostOffice } from "./mail/queued-post-office.ts";
import { createMetrics, type ShopMetrics } from "./metrics/shop-metrics.ts";
import { readStorefront } from "./pages/storefront-files.ts";
import { Database } from "./store/database.ts";
import { insertMail } from "./store/mail-log.ts";
import type { ReplicasOptions } from "./store/replicas/replicas.ts";
import { WriteMarks } from "./store/replicas/write-marks.ts";

/** Share of the tier's memory that the cache in the process may take; the advice finds a quarter too much. */
const cacheShareOfMemory = 0.3;
const sessionShareOfCache = 0.2;
const answerShareBesideRedis = 0.1;
/** With what a request needs beside it, below the objective of two seconds. */
const silenceMs = 1_500;
const bytesPerMiB = 1_048_576;
const bytesPerGiB = 1_073_741_824;

/** Where a process tells what happens in it. */
export interface Outlets {
  readonly logger: Logger;
  readonly faults: FaultReporter;
}

/** Makes everything that the routes use, as configured; connections are opened when first needed. */
export function buildServices(config: Config, { logger, faults }: Outlets): Services {
  const metrics = createMetrics(config.mail.transport);
  const redis =
    config.redisUrl === undefined
      ? undefined
      : connectRedis(config.redisUrl, (error) => logger.warn({ reason: error.message }, "no connection to Redis"));
  const marks = redis && new WriteMarks(redis);
  const database = new Database({
    url: config.databaseUrl,
    poolSize: config.databasePoolSize,
    form: config.queries,
    onWait: (seconds) => metrics.poolWait.observe(seconds),
    onError: (error) => logger.warn({ err: error }, "lost a connection to the database"),
    onRead: (server) => metrics.replicaReads.inc({ server }),
    // Behind a pooler silence may be a planned pause, which loses nothing: there requests wait.
    silenceMs: config.databaseMode === "direct" ? silenceMs : undefined,
    replicas: marks && replicasOf(config, marks, logger),
    marks,
  });
  const cache = createCache(config, redis, metrics);
  const rules = [...limitRules(config.limits), accountRule(config.limits), ownAccountRule(config.limits)];
  const storefront = readStorefront(config.storefront);
  if (storefront === undefined) logger.warn("no storefront was built, so there are no pages, only the API");
  const background = new Background(logger);
  const { cdn } = config;
  setConstants(metrics, config, cache.shared);
  return {
    database,
    cache,
    cdn:
      cdn === undefined ? noCdn : new PurgingCdn({ url: cdn.purgeUrl, key: cdn.purgeKey, metrics, logger, background }),
    passwords: new Passwords(),
    postOffice: createPostOffice(config, { metrics, database, logger }),
    limiter: new Limiter([...rules, ...tierQuotas(rules), ...Object.values(accountQuotas)], redis),
    rules,
    sharedAddresses: new SharedAddresses(),
    tokenLookups: new TokenLookups(),
    background,
    metrics,
    logger,
    faults,
    storefront,
    proxies: config.proxies,
  };
}

/** Without Redis answers have the memory to themselves but for sessions, which are small; with it they are a short copy. */
function createCache(config: Config, redis: Redis | undefined, metrics: ShopMetrics): CacheAside {
  const bytes = config.caches ? config.memoryMiB * bytesPerMiB * cacheShareOfMemory : 0;
  const store = redis === undefined ? new MemoryCache(bytes * sessionShareOfCache) : new RedisCache(redis);
  const answerBytes = bytes * (redis === undefined ? 1 - sessionShareOfCache : answerShareBesideRedis);
  const hits = new Map(cacheNames.map((cache) => [cache, metrics.cacheHits.tally({ cache })]));
  const onLookup = (cache: CacheName, hit: boolean): void =>
    hit ? hits.get(cache)?.add() : metrics.cacheMisses.inc({ cache });
  return new CacheAside(store, onLookup, { answerBytes, now: () => performance.now() });
}

function replicasOf(config: Config, marks: WriteMarks, logger: Logger): ReplicasOptions | undefined {
  if (config.replicaUrls.length === 0) return undefined;
  return {
    urls: config.replicaUrls,
    poolSize: config.replicaPoolSize,
    marks,
    onChange: ({ name, isInUse, lagMs }) =>
      logger.warn({ replica: name, lagMs }, isInUse ? "a replica is in use" : "a replica is left out"),
  };
}

function createPostOffice(
  config: Config,
  { metrics, database, logger }: { metrics: ShopMetrics; database: Database; logger: Logger },
): PostOffice {
  const { transport: name, from } = config.mail;
  const reports = {
    onError: (kind: MailKind, error: string) => logger.error({ kind, transport: name, error }, "mail failed"),
    onTime: (seconds: number) => metrics.mailInRequest.observe({ delivery: config.mailDelivery }, seconds),
  };
  if (config.mailDelivery === "queue") {
    return new QueuedPostOffice({ ...reports, database, onQueued: (kind) => metrics.mailQueued.inc({ kind }) });
  }
  return new InlinePostOffice({
    ...reports,
    transport: createTransport(config.mail),
    from,
    timeoutMs: mailTimeoutMs,
    onOutcome: async ({ kind }, outcome) => {
      metrics.mailMessages.inc({ kind, transport: name, outcome });
      await insertMail(database, { kind, transport: name, outcome });
    },
  });
}

function setConstants(metrics: ShopMetrics, config: Config, cacheShared: boolean): void {
  metrics.buildInfo.set({ instance: config.instance, release: config.release }, 1);
  metrics.poolSize.set(config.databasePoolSize);
  metrics.dbQueryForm.set({ form: config.queries }, 1);
  metrics.dbCpus.set(config.databaseCpu);
  metrics.dbSizeMax.set(config.databaseStorageGiB * bytesPerGiB);
  metrics.cacheShared.set(cacheShared ? 1 : 0);
  metrics.mailInRequest.zero({ delivery: config.mailDelivery });
}
