import { afterAll, beforeAll, expect, it } from "vitest";
import { readMe, register, signIn } from "../../../service/contract/accounts.ts";
import { listProducts, readProduct, searchProducts } from "../../../service/contract/catalogue.ts";
import { requestOf, type HttpRequest } from "../../../service/contract/client.ts";
import { readOpenapi } from "../../../service/contract/documentation.ts";
import { operations } from "../../../service/contract/operations.ts";
import { listOrders, placeOrder, readOrder } from "../../../service/contract/orders.ts";
import { seededUser } from "../../../service/contract/routes.ts";
import { startSmtpReceiver, type MailReceiver } from "../../support/mail-receivers.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, openSessions, seedShop, startShop, type TestShop } from "../../support/shop.ts";

/** Requests that an operation is measured over: what the shop asks its database by itself is less than one for each. */
const repeats = 20;
/** Rows that an answer can be made of: with a statement for each, every bound would be passed. */
const many = 50;
const account = 1;

let postgres: TestPostgres;
let mails: MailReceiver;
let shop: TestShop;
/** Sessions that no cache knows, one a request. */
let tokens: string[];
let orderId: number;

beforeAll(async () => {
  [postgres, mails] = await Promise.all([
    startPostgres(["shared_preload_libraries = 'pg_stat_statements'"]),
    startSmtpReceiver(),
  ]);
  await migrateShop(postgres);
  await seedShop(postgres, repeats, 200);
  await postgres.query("create extension pg_stat_statements");
  orderId = await placeManyOrders();
  tokens = await openSessions(postgres, Array<number>(repeats * operations.length).fill(account));
  shop = await startShop(postgres.shopUrl(), { SHOP_SMTP_URL: `${mails.url}?ignoreTLS=true` });
});
afterAll(async () => {
  await shop?.stop();
  await Promise.all([mails?.stop(), postgres?.stop()]);
});

/** Gives the account many orders, the newest with many lines; its id. */
async function placeManyOrders(): Promise<number> {
  const rows = await postgres.query<{ id: number }>(
    `with placed as (insert into orders (account_id, total_cents) select $1, 100 from generate_series(1, $2::integer)
                     returning id),
          newest as (select max(id) as id from placed),
          lines as (insert into order_line (order_id, product_id, name, quantity, price_cents)
                    select newest.id, n, 'thing', 1, 2 from newest, generate_series(1, $2::integer) n)
     select id from newest`,
    [account, many],
  );
  return Number(rows[0]!.id);
}

interface Measured {
  /** Most statements that one request may cost, BEGIN and COMMIT and the lookup of its session included. */
  readonly most: number;
  /** The request number `n` of 1..repeats: one that no cache can answer, about as many rows as can be. */
  request(n: number): HttpRequest;
}

const nextToken = (): string => tokens.pop() ?? "";
const manyLines = (first: number) =>
  Array.from({ length: many }, (_, line) => ({ productId: 1 + ((first + line) % 200), quantity: 1 }));

/** Every operation of the contract has its bound here; the test that compares the two lists names what is missing. */
const bounds: Readonly<Record<string, Measured>> = {
  [register.id]: {
    most: 2,
    request: (n) =>
      requestOf(register, { body: { email: `new${n}@example.test`, password: "a password of some length" } }),
  },
  [signIn.id]: {
    most: 2,
    request: (n) => requestOf(signIn, { body: { email: seededUser.email(n), password: seededUser.password } }),
  },
  [readMe.id]: { most: 2, request: () => requestOf(readMe, {}, nextToken()) },
  [listProducts.id]: { most: 1, request: (n) => requestOf(listProducts, { query: { limit: many + n } }) },
  [searchProducts.id]: { most: 1, request: (n) => requestOf(searchProducts, { query: { q: "a", limit: many + n } }) },
  [readProduct.id]: { most: 1, request: (n) => requestOf(readProduct, { params: { id: String(n) } }) },
  [placeOrder.id]: {
    most: 9,
    request: (n) =>
      requestOf(
        placeOrder,
        { body: { lines: manyLines(n) }, headers: { "idempotency-key": `count-${n}` } },
        nextToken(),
      ),
  },
  [listOrders.id]: { most: 2, request: () => requestOf(listOrders, { query: { limit: many } }, nextToken()) },
  [readOrder.id]: { most: 2, request: () => requestOf(readOrder, { params: { id: String(orderId) } }, nextToken()) },
  [readOpenapi.id]: { most: 0, request: () => requestOf(readOpenapi, {}) },
};

/** Statements that the shop's role has sent so far. */
async function statementsSoFar(): Promise<number> {
  const rows = await postgres.query<{ calls: number }>(
    `select coalesce(sum(calls), 0)::float8 as calls from pg_stat_statements s join pg_roles r on r.oid = s.userid
     where r.rolname = 'shop'`,
  );
  return rows[0]!.calls;
}

let address = 0;
async function ask({ path, ...request }: HttpRequest): Promise<void> {
  address += 1;
  const answer = await shop.fetch(path, { ...request, client: `10.7.${address >> 8}.${address & 255}` });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${request.method} ${path} answered ${answer.status}: ${text}`);
}

it("every operation of the contract declares how many statements it may cost", () => {
  const ids = operations.map(({ id }) => id);
  expect(Object.keys(bounds).toSorted()).toEqual(ids.toSorted());
});

it.each(operations.map(({ id }) => id))("%s stays within its statements, however many rows it answers", async (id) => {
  const { most, request } = bounds[id]!;
  const before = await statementsSoFar();
  for (let n = 1; n <= repeats; n += 1) await ask(request(n));
  const each = Math.floor(((await statementsSoFar()) - before) / repeats);
  expect(each).toBeLessThanOrEqual(most);
  // An answer from a cache would measure nothing.
  expect(each).toBeGreaterThanOrEqual(Math.min(1, most));
});
