import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { liveServers } from "../../../infra/local/router/runtime-api.ts";
import { routes } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { makePremium, migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { TestEnvironment } from "./support/test-environment.ts";

let it: TestEnvironment;
let postgres: TestPostgres;
let victim: TestShop;
let survivor: TestShop;
let router: URL;
let token: string;

beforeAll(async () => {
  [it, postgres] = await Promise.all([TestEnvironment.create(), startPostgres()]);
  await migrateShop(postgres);
  await seedShop(postgres, 1, 50);
  // All orders are one customer's: the limit of the account must be far above what the test sends.
  await makePremium(postgres);
  victim = await startShop(postgres.shopUrl(), { SHOP_LIMITS: "raised" });
  survivor = await startShop(postgres.shopUrl(), { SHOP_LIMITS: "raised" });
  token = await openSession(postgres, 1);
  const { paths, ports } = it.environment;
  const made = await it.make("Router", {
    paths,
    port: ports.router,
    metricsPort: ports.routerMetrics,
    servers: [serverOf("web-1-aaaaaaaa", victim), serverOf("web-2-bbbbbbbb", survivor)],
    drainTimeoutMs: 5_000,
  });
  router = new URL(String(made.state["url"]));
});
afterAll(async () => {
  await it?.destroy();
  await Promise.all([victim?.child.stop("SIGKILL"), survivor?.stop()]);
  await postgres?.stop();
});

function serverOf(name: string, { url, internalUrl }: TestShop): Record<string, unknown> {
  return { name, httpPort: Number(new URL(url).port), internalPort: Number(new URL(internalUrl).port) };
}

interface Sent {
  readonly method: "GET" | "POST";
  status: number | "pending" | "no answer";
}

/** Request `n`, from an address of its own; each order is for a product and a quantity that no other order has. */
const productOf = (n: number): number => 1 + (n % 50);
const quantityOf = (n: number): number => 1 + Math.floor(n / 50);

function send(n: number, method: Sent["method"]): Promise<number | "no answer"> {
  const body = method === "GET" ? "" : `{"lines":[{"productId":${productOf(n)},"quantity":${quantityOf(n)}}]}`;
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: router.hostname,
        port: router.port,
        method,
        path: method === "GET" ? routes.products : routes.orders,
        localAddress: `127.88.${n >> 8}.${n & 255}`,
        agent: false,
        headers: {
          "content-type": "application/json",
          "content-length": body.length,
          authorization: `Bearer ${token}`,
        },
      },
      (response) => response.resume().once("close", () => resolve(response.statusCode ?? "no answer")),
    );
    outgoing.once("error", () => resolve("no answer"));
    outgoing.end(body);
  });
}

/** Twelve shoppers, each with one request at a time while `open`; none is sent twice. */
class Load {
  readonly sent: Sent[] = [];
  open = true;
  #ended = false;
  #wake: () => void = () => undefined;
  readonly #shoppers = Array.from({ length: 12 }, () => this.#shop());

  get pending(): number {
    return this.sent.filter(({ status }) => status === "pending").length;
  }

  get answered(): number {
    return this.sent.length - this.pending;
  }

  resume(): void {
    this.open = true;
    this.#wake();
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.resume();
    await Promise.all(this.#shoppers);
  }

  async #shop(): Promise<void> {
    while (!this.#ended) {
      if (this.open) await this.#sendNext();
      else await this.#woken();
    }
  }

  async #sendNext(): Promise<void> {
    const n = this.sent.length;
    const request: Sent = { method: n % 3 === 0 ? "GET" : "POST", status: "pending" };
    this.sent.push(request);
    request.status = await send(n, request.method);
  }

  #woken(): Promise<void> {
    const others = this.#wake;
    return new Promise((resolve) => {
      this.#wake = () => {
        others();
        resolve();
      };
    });
  }
}

test("fault 6: a killed instance (SIGKILL) fails no more than the orders it was at work on, and none is placed twice", async ({
  annotate,
}) => {
  const [seeded] = await postgres.query<{ last: number }>("select coalesce(max(id), 0)::int as last from orders");
  const { socket } = componentPlaces(it.environment.paths).router;
  const atVictim = async (): Promise<number> =>
    (await liveServers(socket, "shop")).find(({ name }) => name.startsWith("web-1"))?.sessions ?? 0;
  const load = new Load();
  await waitUntil("traffic", () => load.answered > 60);

  // Frozen first, so that what it is at work on can be counted; then nobody sends until it is dead.
  victim.child.process.kill("SIGSTOP");
  await waitUntil("requests at the victim", async () => (await atVictim()) >= 4);
  load.open = false;
  await waitUntil("nothing else under way", async () => load.pending === (await atVictim()));
  const inFlight = load.sent.filter(({ status }) => status === "pending").map((one) => load.sent.indexOf(one));
  const orders = inFlight.filter((n) => load.sent[n]?.method === "POST");
  await victim.child.stop("SIGKILL");
  const before = load.sent.length;
  load.resume();
  await waitUntil("traffic at the other instance", () => load.answered > before + 60);
  await load.end();

  const failed = load.sent.flatMap(({ status }, n) => (status === 200 || status === 201 ? [] : [n]));
  await annotate(
    `${load.sent.length} requests, ${inFlight.length} at the victim, ${orders.length} of them orders, ${failed.length} failed`,
    "figure",
  );
  expect(orders).toEqual(expect.arrayContaining(failed));
  const placed = await postgres.query<{ product: number; quantity: number; times: number }>(
    `select product_id::int as product, quantity, count(*)::int as times from order_line where order_id > $1 group by 1, 2`,
    [seeded?.last],
  );
  expect(placed.filter(({ times }) => times !== 1)).toEqual([]);
  const known = new Set(placed.map(({ product, quantity }) => `${product}x${quantity}`));
  const missing = load.sent.flatMap(({ method, status }, n) =>
    method === "POST" && status === 201 && !known.has(`${productOf(n)}x${quantityOf(n)}`) ? [n] : [],
  );
  expect(missing).toEqual([]);
});
