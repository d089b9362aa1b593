import { describe, expect, it } from "vitest";
import { readConfig } from "../../../service/config.ts";
import { ConfigError } from "../../../service/read-variables.ts";
import { readWorkerConfig } from "../../../service/worker-config.ts";

const good = {
  SHOP_INSTANCE: "web-1",
  SHOP_RELEASE: "abc123",
  SHOP_HTTP_PORT: "8000",
  SHOP_INTERNAL_PORT: "8001",
  SHOP_DATABASE_URL: "postgres://shop:hunter2@127.0.0.1:5432/shop",
  SHOP_DATABASE_POOL_SIZE: "10",
  SHOP_DATABASE_STORAGE_GIB: "1",
  SHOP_DATABASE_CPU: "0.5",
  SHOP_MAIL: "smtp",
  SHOP_SMTP_URL: "smtp://user:hunter2@127.0.0.1:2525",
  SHOP_MAIL_FROM: "shop@example.test",
  SHOP_MEMORY_MIB: "512",
};

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("the configuration", () => {
  it("starts a baseline shop where little is said", () => {
    expect(readConfig(good)).toMatchObject({
      host: "127.0.0.1",
      databaseMode: "direct",
      databaseCpu: 0.5,
      redisUrl: undefined,
      limits: "base",
      proxies: { trusted: [], originKeyHash: undefined },
      drainMs: 1_500,
    });
  });

  it("reads a list of proxies", () => {
    expect(readConfig({ ...good, SHOP_TRUSTED_PROXIES: "127.0.0.1, ::1" }).proxies.trusted).toEqual([
      "127.0.0.1",
      "::1",
    ]);
  });

  it("reads the replicas, which need a shared Redis to know what was written", () => {
    const SHOP_REPLICA_URLS =
      "postgres://shop:hunter2@127.0.0.1:5433/shop, postgres://shop:hunter2@127.0.0.1:5434/shop";
    expect(problemsOf({ ...good, SHOP_REPLICA_URLS })).toEqual(["SHOP_REPLICA_URLS needs SHOP_CACHE=redis"]);
    expect(problemsOf({ ...good, SHOP_REPLICA_URLS: "hunter2" })[0]).toMatch(/^SHOP_REPLICA_URLS: (?!.*hunter2)/);
    const redis = { SHOP_CACHE: "redis", SHOP_REDIS_URL: "redis://127.0.0.1:6379" };
    expect(readConfig({ ...good, ...redis, SHOP_REPLICA_URLS }).replicaUrls).toEqual([
      "postgres://shop:hunter2@127.0.0.1:5433/shop",
      "postgres://shop:hunter2@127.0.0.1:5434/shop",
    ]);
  });

  it("names every wrong variable at once and no value", () => {
    const { SHOP_INSTANCE: _, ...rest } = good;
    const problems = problemsOf({
      ...rest,
      SHOP_HTTP_PORT: "hunter2",
      SHOP_DATABASE_URL: "mysql://root:hunter2@db",
      SHOP_LIMITS: "hunter2",
      SHOP_MEMORY_MIB: "",
    });
    expect(problems.map((problem) => problem.split(/[: ]/)[0])).toEqual([
      "SHOP_INSTANCE",
      "SHOP_HTTP_PORT",
      "SHOP_DATABASE_URL",
      "SHOP_LIMITS",
      "SHOP_MEMORY_MIB",
    ]);
    expect(problems.join("\n")).not.toContain("hunter2");
    expect(problems).toContain("SHOP_MEMORY_MIB is not set");
  });

  it("asks for what a choice needs", () => {
    const { SHOP_SMTP_URL: _, ...rest } = good;
    expect(problemsOf({ ...rest, SHOP_CACHE: "redis" })).toEqual([
      "SHOP_REDIS_URL is not set, and SHOP_CACHE=redis needs it",
      "SHOP_SMTP_URL is not set, and SHOP_MAIL=smtp needs it",
    ]);
    expect(problemsOf({ ...rest, SHOP_MAIL: "sendgrid" })).toEqual([
      "SHOP_SENDGRID_API_KEY is not set, and SHOP_MAIL=sendgrid needs it",
    ]);
  });

  it("asks a shop that queues its mail for no provider's credentials, and one that sends it for them", () => {
    const { SHOP_SMTP_URL: _, ...without } = good;
    expect(readConfig({ ...without, SHOP_MAIL_DELIVERY: "queue" })).toMatchObject({ mailDelivery: "queue" });
    expect(problemsOf(without)).toEqual(["SHOP_SMTP_URL is not set, and SHOP_MAIL=smtp needs it"]);
    expect(problemsOf({ ...good, SHOP_MAIL: "ses" })).toEqual([
      "SHOP_SES_REGION is not set, and SHOP_MAIL=ses needs it",
    ]);
  });

  it("takes a day's quota from the seed's plan unless it is told another", () => {
    expect(readConfig(good).mail.quotaPerDay).toBe(500);
    expect(readConfig({ ...good, SHOP_MAIL_QUOTA_PER_DAY: "200" }).mail.quotaPerDay).toBe(200);
  });
});

describe("the configuration of a mail worker", () => {
  const worker = {
    SHOP_INSTANCE: "mail-1",
    SHOP_RELEASE: "abc123",
    SHOP_INTERNAL_PORT: "8002",
    SHOP_DATABASE_URL: "postgres://shop:hunter2@127.0.0.1:5432/shop",
    SHOP_QUEUE_REDIS_URL: "redis://:hunter2@127.0.0.1:6379/1",
    SHOP_MAIL: "smtp",
    SHOP_SMTP_URL: "smtp://user:hunter2@127.0.0.1:2525",
    SHOP_MAIL_FROM: "shop@example.test",
  };

  it("needs a database, a queue, a provider and a port, and says the rest itself", () => {
    expect(readWorkerConfig(worker)).toMatchObject({ attempts: 12, backoffMs: 5_000, leaseMs: 60_000 });
    expect(() => readWorkerConfig({ SHOP_MAIL: "smtp" })).toThrow(/SHOP_QUEUE_REDIS_URL is not set/);
  });

  it("refuses a lease that a send could outlast", () => {
    expect(() => readWorkerConfig({ ...worker, SHOP_MAIL_LEASE_MS: "5000" })).toThrow(/SHOP_MAIL_LEASE_MS/);
  });
});
