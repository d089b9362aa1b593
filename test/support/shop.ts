import { join } from "node:path";
import { issueToken } from "../../service/accounts/session-tokens.ts";
import { internalRoutes } from "../../service/contract/routes.ts";
import { startChild, type Child } from "./child.ts";
import { freePorts } from "./free-port.ts";
import type { TestPostgres } from "./postgres.ts";
import { waitUntil } from "./wait-until.ts";

const service = join(import.meta.dirname, "..", "..", "service");

/** A busy machine takes its time to start a process. */
const startTimeoutMs = 45_000;

/** A shop process of its own, started as in production. */
export interface TestShop {
  readonly url: string;
  readonly internalUrl: string;
  readonly child: Child;
  /** Requests come from `client`, as if a router had said so. */
  fetch(path: string, init?: RequestInit & { client?: string; token?: string; json?: unknown }): Promise<Response>;
  /** Value of one series, e.g. `shop_users` or `shop_limit_refusals_total{rule="login",address="single"}`. */
  metric(series: string): Promise<number | undefined>;
  stop(): Promise<number | string>;
}

/** Runs the migrations and lets the role `shop` sign in. */
export async function migrateShop(postgres: TestPostgres): Promise<void> {
  await runService("migrate.ts", [], { SHOP_MIGRATE_URL: postgres.adminUrl() });
  await postgres.allowShop();
}

export function seedShop(postgres: TestPostgres, users: number, products: number): Promise<string> {
  return runService("seed.ts", ["--users", `${users}`, "--products", `${products}`], {
    SHOP_SEED_URL: postgres.adminUrl(),
  });
}

/** Runs one of the service's programs to its end and gives its output; throws when it fails. */
export async function runService(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<string> {
  const child = startChild(process.execPath, [join(service, program), ...args], { env: { ...process.env, ...env } });
  const code = await child.exited;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${child.output()}`);
  return child.output();
}

/** Lets the seeded accounts ask as much as any may: for loads that come from few accounts. With SHOP_LIMITS=raised, 400 a minute each. */
export async function makePremium(postgres: TestPostgres): Promise<void> {
  await postgres.query("update account set tier = 'premium'");
}

/** Opens a session in the database, without the work of a login, and gives its token. */
export async function openSession(postgres: TestPostgres, accountId: number): Promise<string> {
  const [token] = await openSessions(postgres, [accountId]);
  if (token === undefined) throw new Error("no session was opened");
  return token;
}

/** As `openSession`, for many accounts at once. */
export async function openSessions(postgres: TestPostgres, accountIds: readonly number[]): Promise<string[]> {
  const issued = accountIds.map(() => issueToken(Date.now()));
  await postgres.query(
    `insert into user_session (token_hash, account_id, expires_at)
     select * from unnest($1::bytea[], $2::bigint[], $3::timestamptz[])`,
    [issued.map((one) => one.tokenHash), accountIds, issued.map((one) => one.expiresAt)],
  );
  return issued.map((one) => one.token);
}

/** Starts a shop and waits until it is ready. `env` adds to or replaces what a baseline shop gets. */
export async function startShop(databaseUrl: string, env: Record<string, string> = {}): Promise<TestShop> {
  const [freeHttp = 0, freeInternal = 0] = await freePorts(2);
  const http = Number(env["SHOP_HTTP_PORT"] ?? freeHttp);
  const internal = Number(env["SHOP_INTERNAL_PORT"] ?? freeInternal);
  const child = startChild(process.execPath, [join(service, "main.ts")], {
    env: {
      ...process.env,
      ...baselineEnv(databaseUrl),
      SHOP_HTTP_PORT: `${http}`,
      SHOP_INTERNAL_PORT: `${internal}`,
      ...env,
    },
  });
  const url = `http://127.0.0.1:${http}`;
  const internalUrl = `http://127.0.0.1:${internal}`;
  const ready = waitUntil("the shop", async () => (await fetch(internalUrl + internalRoutes.ready)).ok, startTimeoutMs);
  const ended = child.exited.then((code) => Promise.reject(new Error(`it ended with ${code}`)));
  await Promise.race([ready, ended]).catch(async (error: unknown) => {
    await child.stop("SIGKILL");
    throw new Error(`the shop did not start: ${child.output()}`, { cause: error });
  });
  // Both outlive the race: the loser's failure is expected.
  ready.catch(() => undefined);
  ended.catch(() => undefined);
  return {
    url,
    internalUrl,
    child,
    fetch: (path, { client = "192.0.2.1", token, json, ...init } = {}) =>
      fetch(url + path, {
        ...(json === undefined ? {} : { method: "POST", body: JSON.stringify(json) }),
        ...init,
        headers: {
          "content-type": "application/json",
          "x-forwarded-for": client,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(init.headers as Record<string, string> | undefined),
        },
      }),
    metric: async (series) => readMetric(await (await fetch(internalUrl + internalRoutes.metrics)).text(), series),
    stop: () => child.stop(),
  };
}

/** What a shop at the baseline is configured with, ports left out. */
export function baselineEnv(databaseUrl: string): Record<string, string> {
  return {
    SHOP_INSTANCE: "web-test",
    SHOP_RELEASE: "test",
    SHOP_DATABASE_URL: databaseUrl,
    SHOP_DATABASE_POOL_SIZE: "8",
    SHOP_DATABASE_STORAGE_GIB: "1",
    SHOP_DATABASE_CPU: "0.5",
    SHOP_MAIL: "smtp",
    // Port 9 (discard): nobody takes mail unless a test starts a receiver.
    SHOP_SMTP_URL: "smtp://127.0.0.1:9?ignoreTLS=true",
    SHOP_MAIL_FROM: "shop@example.test",
    SHOP_TRUSTED_PROXIES: "127.0.0.1",
    SHOP_MEMORY_MIB: "512",
    SHOP_DRAIN_MS: "0",
  };
}

/** Value of one series of an exposition. */
export function readMetric(text: string, series: string): number | undefined {
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
