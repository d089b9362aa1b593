import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { operations } from "../../../service/contract/operations.ts";
import { routes } from "../../../service/contract/routes.ts";
import { startChild } from "../../support/child.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, openSession, openSessions, seedShop, startShop, type TestShop } from "../../support/shop.ts";

const root = join(import.meta.dirname, "..", "..", "..");
/** The same requests every time, and few; `npm run test:schema` tries many others. */
const seed = process.env["SHOP_SCHEMATHESIS_SEED"] ?? "20261124";
const examples = process.env["SHOP_SCHEMATHESIS_EXAMPLES"] ?? "15";
const users = 100;
const sandbox = mkdtempSync(join(tmpdir(), "shop-schemathesis-"));
let postgres: TestPostgres;
let redis: TestRedis;
let shop: TestShop;

beforeAll(async () => {
  // On a machine that lacks it, it is brought once: half a minute.
  execFileSync(join(root, "scripts", "setup-python-tool.sh"), ["schemathesis"], { stdio: "inherit" });
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, users, 50);
  await postgres.query("insert into staff (account_id) values (1)");
  redis = await startRedis();
  shop = await startShop(postgres.shopUrl(), {
    SHOP_CACHE: "redis",
    SHOP_REDIS_URL: redis.url,
    SHOP_LIMITS: "raised",
  });
}, 180_000);
afterAll(async () => {
  await shop?.stop();
  await redis?.stop();
  await postgres?.stop();
  rmSync(sandbox, { recursive: true, force: true });
});

it("every operation passes every check of schemathesis: no 5xx, and no answer that the document does not have", async () => {
  const sessions = join(sandbox, "sessions.json");
  writeFileSync(sessions, JSON.stringify({ auth: [await sessionOf(1, "first"), await sessionOf(2, "second")] }));
  const spare = await openSessions(
    postgres,
    Array.from({ length: users - 2 }, (_, n) => n + 3),
  );
  const child = startChild(
    join(root, ".schemathesis", "bin", "schemathesis"),
    [
      "--config-file",
      join(import.meta.dirname, "schemathesis.toml"),
      "run",
      join(root, "docs", "openapi.json"),
      `--url=${shop.url}`,
      "--checks=all",
      `--seed=${seed}`,
      `--max-examples=${examples}`,
      "--no-color",
    ],
    {
      cwd: sandbox,
      env: {
        ...process.env,
        PYTHONPATH: import.meta.dirname,
        PYTHONDONTWRITEBYTECODE: "1",
        SHOP_SCHEMATHESIS_HOOKS: "schemathesis_hooks",
        SHOP_SCHEMATHESIS_REDIS_URL: redis.url,
        SHOP_SCHEMATHESIS_SESSIONS: sessions,
        SHOP_SCHEMATHESIS_SPARE_TOKENS: spare.join(","),
      },
    },
  );
  expect(await child.exited, child.output()).toBe(0);
  expect(child.output()).toContain(`Tested: ${operations.length}`);
  // Nothing was hidden by a limit, and what is behind a session was reached.
  const limited = await shop.metric('shop_limit_refusals_total{rule="api",address="single"}');
  expect(limited).toBe(0);
  expect(await shop.metric(`shop_http_requests_total{method="GET",route="${routes.me}",status="200"}`)).toBeGreaterThan(
    0,
  );
}, 600_000);

async function sessionOf(accountId: number, name: string): Promise<object> {
  const token = await openSession(postgres, accountId);
  return { name, fixedHeaders: [{ name: "Authorization", value: `Bearer ${token}` }] };
}
