import { join } from "node:path";
import { z } from "zod";
import { shopEnv } from "./contract/env.ts";

const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) => z.coerce.number().int().min(min).max(max);
const port = wholeNumber(1, 65_535);
const positive = z.coerce.number().positive();

const variables = z.object({
  [shopEnv.instance]: z.string().regex(/^[\w.-]{1,64}$/),
  [shopEnv.release]: z.string().regex(/^[\w.-]{1,80}$/),
  [shopEnv.host]: z.string().default("127.0.0.1"),
  [shopEnv.httpPort]: port,
  [shopEnv.internalPort]: port,
  [shopEnv.databaseUrl]: z.string().regex(/^postgres(ql)?:\/\//),
  [shopEnv.databaseMode]: z.enum(["direct", "pooled"]).default("direct"),
  [shopEnv.databasePoolSize]: wholeNumber(1, 1_000),
  [shopEnv.replicaUrls]: z
    .string()
    .regex(/^postgres(ql)?:\/\/[^,]+(,\s*postgres(ql)?:\/\/[^,]+)*$/)
    .optional(),
  [shopEnv.databaseStorageGiB]: positive,
  [shopEnv.databaseCpu]: positive,
  [shopEnv.cache]: z.enum(["memory", "redis", "none"]).default("memory"),
  [shopEnv.redisUrl]: z
    .string()
    .regex(/^rediss?:\/\//)
    .optional(),
  [shopEnv.mail]: z.enum(["smtp", "sendgrid"]),
  [shopEnv.smtpUrl]: z
    .string()
    .regex(/^smtps?:\/\//)
    .optional(),
  [shopEnv.sendgridApiKey]: z.string().optional(),
  [shopEnv.sendgridBaseUrl]: z
    .string()
    .regex(/^https?:\/\//)
    .default("https://api.sendgrid.com"),
  [shopEnv.mailFrom]: z.email(),
  [shopEnv.limits]: z.enum(["base", "raised"]).default("base"),
  [shopEnv.trustedProxies]: z.string().default(""),
  [shopEnv.memoryMiB]: wholeNumber(64),
  [shopEnv.storefront]: z.string().default(join(import.meta.dirname, "storefront")),
  [shopEnv.drainMs]: wholeNumber(0, 60_000).default(1_500),
});

/** Configuration of one shop process; contains secrets, so it is never logged. */
export type Config = ReturnType<typeof readConfig>;

/** Lists every wrong variable by name and never by value: values may be secrets. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`configuration of the shop service is wrong:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Reads the variables of `contract/env.ts`; an empty variable counts as unset. Throws ConfigError. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>) {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = variables.safeParse(set);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => describeIssue(issue, set));
  problems.push(...missingCompanions(set));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const value = parsed.data;
  return {
    instance: value.SHOP_INSTANCE,
    release: value.SHOP_RELEASE,
    host: value.SHOP_HOST,
    httpPort: value.SHOP_HTTP_PORT,
    internalPort: value.SHOP_INTERNAL_PORT,
    databaseUrl: value.SHOP_DATABASE_URL,
    databaseMode: value.SHOP_DATABASE_MODE,
    databasePoolSize: value.SHOP_DATABASE_POOL_SIZE,
    replicaUrls: value.SHOP_REPLICA_URLS?.split(",").map((url) => url.trim()) ?? [],
    databaseStorageGiB: value.SHOP_DATABASE_STORAGE_GIB,
    databaseCpu: value.SHOP_DATABASE_CPU,
    /** False asks the database for every answer: for measuring and for finding faults. */
    caches: value.SHOP_CACHE !== "none",
    /** Undefined keeps cache and limits in the process. */
    redisUrl: value.SHOP_CACHE === "redis" ? value.SHOP_REDIS_URL : undefined,
    mail: value.SHOP_MAIL,
    smtpUrl: value.SHOP_SMTP_URL ?? "",
    sendgridApiKey: value.SHOP_SENDGRID_API_KEY ?? "",
    sendgridBaseUrl: value.SHOP_SENDGRID_BASE_URL,
    mailFrom: value.SHOP_MAIL_FROM,
    limits: value.SHOP_LIMITS,
    trustedProxies: value.SHOP_TRUSTED_PROXIES.split(",")
      .map((address) => address.trim())
      .filter((address) => address !== ""),
    memoryMiB: value.SHOP_MEMORY_MIB,
    storefront: value.SHOP_STOREFRONT,
    drainMs: value.SHOP_DRAIN_MS,
  };
}

function describeIssue(issue: z.core.$ZodIssue, set: Readonly<Record<string, string | undefined>>): string {
  const name = issue.path.join(".");
  return set[name] === undefined ? `${name} is not set` : `${name}: ${issue.message}`;
}

function missingCompanions(set: Readonly<Record<string, string | undefined>>): string[] {
  const companions = [
    { when: shopEnv.cache, is: "redis", needs: shopEnv.redisUrl },
    { when: shopEnv.mail, is: "smtp", needs: shopEnv.smtpUrl },
    { when: shopEnv.mail, is: "sendgrid", needs: shopEnv.sendgridApiKey },
  ];
  const missing = companions
    .filter(({ when, is, needs }) => set[when] === is && set[needs] === undefined)
    .map(({ when, is, needs }) => `${needs} is not set, and ${when}=${is} needs it`);
  // What one instance wrote the others only know through Redis; without it a customer could miss an own order.
  if (set[shopEnv.replicaUrls] !== undefined && set[shopEnv.cache] !== "redis")
    missing.push(`${shopEnv.replicaUrls} needs ${shopEnv.cache}=redis`);
  return missing;
}
