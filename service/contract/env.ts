/**
 * The environment variables that configure one shop process: the only channel between infrastructure and service.
 * `service/config.ts` validates them; the components of each target write them.
 */
export const shopEnv = {
  /** Name of the instance, e.g. `web-1-4f2a`; label of its logs and of `shop_build_info`. */
  instance: "SHOP_INSTANCE",
  /** Content hash of the release that runs. */
  release: "SHOP_RELEASE",
  /** Address to listen on; 127.0.0.1 unless a container needs otherwise. */
  host: "SHOP_HOST",
  /** Port of the shop's public routes, behind the router. */
  httpPort: "SHOP_HTTP_PORT",
  /** Port of /metrics, /healthz and /readyz; never exposed by a router. */
  internalPort: "SHOP_INTERNAL_PORT",
  /** postgres:// URL that queries use: the database itself, or the pooler. Secret. */
  databaseUrl: "SHOP_DATABASE_URL",
  /** `direct` or `pooled`; pooled means PgBouncer in transaction mode: no session state, no named statements. */
  databaseMode: "SHOP_DATABASE_MODE",
  /** Processes that share the instance's port, 1 unless its tier has more cores; the figures below are the instance's. */
  workers: "SHOP_WORKERS",
  /** Largest number of connections that the instance opens. */
  databasePoolSize: "SHOP_DATABASE_POOL_SIZE",
  /** postgres:// URLs of replicas that reads may go to, one server each, comma separated; needs `redis`. Secret. */
  replicaUrls: "SHOP_REPLICA_URLS",
  /** Largest number of connections that the instance opens to each of them; as many as to the database unless said. */
  replicaPoolSize: "SHOP_REPLICA_POOL_SIZE",
  /** `plain` or `optimised`: how the statements that are sent most go to the database (`store/query-form.ts`). */
  queries: "SHOP_QUERIES",
  /** Connections and storage of the database plan, in GiB: the denominators of the database signals. */
  databaseStorageGiB: "SHOP_DATABASE_STORAGE_GIB",
  /** Cores of the database plan. */
  databaseCpu: "SHOP_DATABASE_CPU",
  /** `memory`, `redis`, or `none` for measuring what the shop does without. */
  cache: "SHOP_CACHE",
  /** redis:// URL; required with `redis`. Secret. */
  redisUrl: "SHOP_REDIS_URL",
  /** `smtp`, `sendgrid` or `ses`. */
  mail: "SHOP_MAIL",
  /** smtp:// URL with user and password; required with `smtp`. Secret. */
  smtpUrl: "SHOP_SMTP_URL",
  /** Required with `sendgrid`. Secret. */
  sendgridApiKey: "SHOP_SENDGRID_API_KEY",
  /** Base URL of SendGrid's API; the mail sink's on the local target. */
  sendgridBaseUrl: "SHOP_SENDGRID_BASE_URL",
  /** Region of Amazon SES; required with `ses`. Credentials come from AWS' own variables or the task's role. */
  sesRegion: "SHOP_SES_REGION",
  /** Replaces the endpoint of Amazon SES. */
  sesEndpoint: "SHOP_SES_ENDPOINT",
  /** Sender of all mail. */
  mailFrom: "SHOP_MAIL_FROM",
  /** Mails that the provider takes in 24 hours; without it the figure of the seed's plan. */
  mailQuotaPerDay: "SHOP_MAIL_QUOTA_PER_DAY",
  /** `inline`: the request hands mail to the provider; `queue`: it writes it into the outbox for the mail workers. */
  mailDelivery: "SHOP_MAIL_DELIVERY",
  /** redis:// URL of the mail workers' queue; a Redis or a database of its own, with maxmemory-policy noeviction. Secret. */
  queueRedisUrl: "SHOP_QUEUE_REDIS_URL",
  /** Tries that a worker gives one mail before it is put on the list that `shopctl mail failed` shows. */
  mailAttempts: "SHOP_MAIL_ATTEMPTS",
  /** Wait after a mail's first failed try, in ms; it doubles with each one. */
  mailBackoffMs: "SHOP_MAIL_BACKOFF_MS",
  /** Time after which a mail in the hand of a worker that says nothing is given to another, in ms. */
  mailLeaseMs: "SHOP_MAIL_LEASE_MS",
  /** `base` or `raised`: the seed's limits before and after. */
  limits: "SHOP_LIMITS",
  /** Addresses of proxies whose X-Forwarded-For is believed, comma separated; 127.0.0.1 on the local target. */
  trustedProxies: "SHOP_TRUSTED_PROXIES",
  /**
   * SHA-256, in hexadecimal digits, of the key that a CDN before the trusted proxy says in `originKeyHeader`: then the CDN
   * is one proxy more. Unset where no CDN says one. No secret: the key is too long to be guessed.
   */
  originKeyHash: "SHOP_ORIGIN_KEY_SHA256",
  /** Base URL of what purges the CDN before the shop; unset where there is none. Its key is secret and required with it. */
  cdnPurgeUrl: "SHOP_CDN_PURGE_URL",
  cdnPurgeKey: "SHOP_CDN_PURGE_KEY",
  /** Where faults are reported, https://KEY@HOST/PROJECT; unset reports nothing. Secret. */
  sentryDsn: "SHOP_SENTRY_DSN",
  /** Name of the environment that reported faults are tagged with. */
  sentryEnvironment: "SHOP_SENTRY_ENVIRONMENT",
  /** Memory that the tier grants, in MiB; the service sizes its in-memory cache from it. */
  memoryMiB: "SHOP_MEMORY_MIB",
  /** Folder of the built storefront; `storefront` beside the program unless said otherwise. */
  storefront: "SHOP_STOREFRONT",
  /** Time that a stopping process answers 503 on /readyz before it stops accepting, in ms. */
  drainMs: "SHOP_DRAIN_MS",
} as const;

export type ShopEnvName = (typeof shopEnv)[keyof typeof shopEnv];
