import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EmbeddedEngine } from "../../../infra/engine/embedded/embedded-engine.ts";
import type { LocalEnvironment } from "../../../infra/environment/environment.ts";
import { createEnvironment } from "../../../infra/environment/store.ts";
import { configureTopology, initialiseStack, stackOf } from "../../../infra/environment/stack.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { localTarget } from "../../../infra/local/local-target.ts";
import { readMailbox } from "../../../infra/local/operations/mailbox.ts";
import { seedShop } from "../../../infra/local/operations/seed.ts";
import { removeEnvironmentFiles } from "../../../infra/local/operations/teardown.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { callShop } from "../../../service/contract/client.ts";
import { placeOrder } from "../../../service/contract/orders.ts";
import { signUp } from "../../support/shop-customer.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { newHome } from "./support/test-environment.ts";

const engine = new EmbeddedEngine();
const pooled: Topology = { ...baseline, pooler: "pgbouncer", mail: "sendgrid", limits: "raised" };
const queued: Topology = { ...pooled, mailDelivery: "queue" };
let home: string;
let it: LocalEnvironment;

beforeAll(async () => {
  home = newHome();
  it = await createEnvironment({ name: "mails", home });
  await initialiseStack(it, pooled);
  await up(pooled);
  await seedShop(it, { users: 2, products: 20 });
}, 120_000);
afterAll(async () => {
  await removeEnvironmentFiles(it);
  rmSync(home, { recursive: true, force: true });
});

async function up(topology: Topology): Promise<void> {
  await configureTopology(it, topology);
  await engine.up(stackOf(it), {});
}

const sql = <Row extends object>(text: string): Promise<readonly Row[]> =>
  asAdmin(
    { sockets: componentPlaces(it.paths).postgres.sockets, port: it.ports.postgres },
    "shop",
    async (client) => (await client.query<Row>(text)).rows,
  );

/** Orders without pause until it is told to stop; every one must succeed. */
function shopOn(tokens: readonly string[]): { count(): number; stop(): Promise<readonly number[]> } {
  const over = new AbortController();
  const orderIds: number[] = [];
  const shopper = async (token: string): Promise<void> => {
    for (let turn = 1; !over.signal.aborted; turn += 1) {
      const body = { lines: [{ productId: 1 + (turn % 20), quantity: 1 }] };
      const answer = await callShop(`http://127.0.0.1:${it.ports.router}`, placeOrder, { body }, token);
      if (!answer.ok) throw new Error(`an order was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
      orderIds.push(answer.body.id);
      await sleep(350);
    }
  };
  const all = Promise.all(tokens.map(shopper));
  all.catch(() => undefined);
  return {
    count: () => orderIds.length,
    stop: async () => {
      over.abort();
      await all;
      return orderIds;
    },
  };
}

/** Numbers of the orders whose confirmations arrived, once for each mail. */
async function confirmed(): Promise<readonly number[]> {
  const mails = await readMailbox(it, { limit: 10_000 });
  return mails.flatMap(({ subject }) => {
    const [, id] = /^Your order (\d+)$/.exec(subject) ?? [];
    return id === undefined ? [] : [Number(id)];
  });
}

async function moreMails(count: number): Promise<void> {
  const before = (await confirmed()).length;
  await waitUntil(`${count} more mails`, async () => (await confirmed()).length >= before + count, 60_000);
}

function kill(name: string): void {
  process.kill(serviceState(join(it.paths.services, name)).pid ?? 0, "SIGKILL");
}

test("fault 17: under orders mail moves to the queue and back, worker and Redis killed in between, and each order is confirmed once", async ({
  annotate,
}) => {
  const tokens = await Promise.all(
    ["ada@example.test", "bob@example.test"].map((email) => signUp(`http://127.0.0.1:${it.ports.router}`, email)),
  );
  await sql("update product set stock = 100000; update account set tier = 'premium'");
  const shoppers = shopOn(tokens);
  await moreMails(3);
  await up(queued);
  expect(await localTarget(it).observe()).toMatchObject({ queue: { evictionPolicy: "noeviction", appendOnly: true } });
  await moreMails(3);
  kill("mail-worker");
  await moreMails(3);
  kill("queue-redis");
  await moreMails(3);
  const inOutbox = await sql<{ n: number }>(
    "select count(*)::int as n from mail_outbox where kind = 'order-confirmation'",
  );
  expect(inOutbox[0]?.n).toBeGreaterThan(8);
  await up(pooled);
  await moreMails(3);
  const orderIds = await shoppers.stop();

  expect(orderIds.length).toBe(shoppers.count());
  await waitUntil("the last mail", async () => (await confirmed()).length >= orderIds.length, 30_000);
  expect((await confirmed()).toSorted((a, b) => a - b)).toEqual(orderIds.toSorted((a, b) => a - b));
  expect(await sql("select distinct state from mail_outbox")).toEqual([{ state: "sent" }]);
  const { processes, queue } = await localTarget(it).observe();
  expect([queue, processes.filter(({ name }) => /^(mail-worker|queue-redis)$/.test(name))]).toEqual([undefined, []]);
  await annotate(`${orderIds.length} orders, each confirmed once; worker and Redis killed once each`, "figure");
}, 180_000);
