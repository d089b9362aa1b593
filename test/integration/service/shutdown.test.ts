import { once } from "node:events";
import { connect } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { routes } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 20, 50);
});
afterAll(async () => {
  await postgres?.stop();
});

const isReady = async (shop: TestShop): Promise<boolean> =>
  fetch(`${shop.internalUrl}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );

it("a process that is told to stop answers every request that a router still sends it, and ends with 0", async () => {
  const shop = await startShop(postgres.shopUrl(), { SHOP_DRAIN_MS: "700", SHOP_LIMITS: "raised" });
  const statuses = new Map<number, number>();
  const failures: unknown[] = [];
  const withdrawn = new AbortController();
  // As a router does: it sends what comes until its check, every 100 ms, has failed twice.
  const router = (async () => {
    for (let failed = 0; failed < 2;) {
      failed = (await isReady(shop)) ? 0 : failed + 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    withdrawn.abort();
  })();
  const shopper = async (n: number): Promise<void> => {
    for (let turn = 0; !withdrawn.signal.aborted; turn += 1) {
      try {
        const answer = await shop.fetch(`${routes.products}?limit=5`, { client: `10.${n}.${turn >> 7}.1` });
        await answer.arrayBuffer();
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const load = Promise.all(Array.from({ length: 10 }, (_, n) => shopper(n)));
  await waitUntil("traffic", () => (statuses.get(200) ?? 0) > 200);
  shop.child.process.kill("SIGTERM");
  await router;
  await load;
  expect(await shop.child.exited).toBe(0);
  expect(failures).toEqual([]);
  expect([...statuses.keys()]).toEqual([200]);
});

it("a request that is still being worked on when the process closes gets its answer", async () => {
  const shop = await startShop(postgres.shopUrl(), { SHOP_DRAIN_MS: "100" });
  const blocker = new pg.Client({ connectionString: postgres.adminUrl() });
  await blocker.connect();
  await blocker.query("begin");
  await blocker.query("select 1 from product where id = 1 for update");
  const order = shop.fetch(routes.orders, {
    token: await openSession(postgres, 1),
    json: { lines: [{ productId: 1, quantity: 1 }] },
  });
  const waiting = "select 1 as waits from pg_stat_activity where usename = 'shop' and wait_event_type = 'Lock'";
  await waitUntil("the order to wait", async () => (await postgres.query(waiting)).length > 0);
  shop.child.process.kill("SIGTERM");
  await waitUntil("the closed door", () =>
    fetch(shop.url).then(
      () => false,
      () => true,
    ),
  );
  await blocker.query("commit");
  await blocker.end();
  const answer = await order;
  expect(answer.status).toBe(201);
  expect(answer.headers.get("connection")).toBe("close");
  expect(await shop.child.exited).toBe(0);
});

it("a connection on which nothing was ever asked does not keep a process that is told to stop", async () => {
  const shop = await startShop(postgres.shopUrl(), { SHOP_DRAIN_MS: "100" });
  const client = connect(Number(new URL(shop.url).port), "127.0.0.1");
  client.on("error", () => undefined);
  try {
    await once(client, "connect");
    expect(await shop.child.stop("SIGTERM")).toBe(0);
  } finally {
    client.destroy();
  }
});

it("a process that is told to stop has written every line of its log", async () => {
  const shop = await startShop(postgres.shopUrl());
  const requests = 40;
  // Refused, which is logged: the tokens are nobody's.
  const ask = (n: number) => shop.fetch(routes.me, { token: `${n}`.padStart(43, "x"), client: `10.8.0.${n}` });
  const answers = await Promise.all(Array.from({ length: requests }, (_, n) => ask(n)));
  expect(await shop.stop()).toBe(0);
  await waitUntil("the last line", () => shop.child.output().includes('"msg":"stopped"'));
  const lines = shop.child.output().split("\n");
  const logged = lines
    .filter((line) => line.includes('"request completed"'))
    .map((line) => (JSON.parse(line) as { req: { id: string } }).req.id);
  expect(logged).toHaveLength(requests);
  expect(new Set(logged)).toEqual(new Set(answers.map((answer) => answer.headers.get("x-request-id"))));
});

it("a port that is taken ends the process with 1 and says which", async () => {
  const first = await startShop(postgres.shopUrl());
  const port = new URL(first.url).port;
  await expect(startShop(postgres.shopUrl(), { SHOP_HTTP_PORT: port })).rejects.toThrow(
    `EADDRINUSE: address already in use 127.0.0.1:${port}`,
  );
  await first.stop();
}, 30_000);
