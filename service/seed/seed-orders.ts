import type { ClientBase } from "pg";
import { copyRows } from "./copy-rows.ts";
import { loadTable } from "./load-table.ts";
import { dayMs, drawFor, type NewAccounts } from "./new-accounts.ts";
import { mixed } from "./random.ts";

/** The requirements are silent on orders kept; this is modest. */
const ordersPerUser = 2;
const maxLines = 3;
const historyDays = 120;

interface Product {
  readonly id: number;
  readonly name: string;
  readonly priceCents: number;
}

interface SeedOrder {
  readonly id: number;
  readonly accountId: number;
  readonly createdAt: Date;
  readonly lines: readonly (Product & { readonly quantity: number })[];
}

/** The users' orders with their lines. Orders are made twice, once for each table: keeping them would take the memory. */
export async function seedOrders(client: ClientBase, accounts: NewAccounts): Promise<void> {
  const { rows: products } = await client.query<Product>(
    `select id::float8 as id, name, price_cents as "priceCents" from product order by id`,
  );
  if (products.length === 0) return;
  const ids = await drawOrderIds(client, accounts.ids.length * ordersPerUser);
  const orders = (): Generator<SeedOrder> => makeOrders(accounts, ids, products);
  await loadTable(client, "orders", () =>
    copyRows(client, "orders (id, account_id, total_cents, created_at)", orderRows(orders())),
  );
  await loadTable(client, "order_line", () =>
    copyRows(client, "order_line (order_id, product_id, name, quantity, price_cents)", lineRows(orders())),
  );
}

/** Drawn before the rows are written, so that orders and lines know of each other whoever else orders meanwhile. */
async function drawOrderIds(client: ClientBase, count: number): Promise<readonly number[]> {
  const { rows } = await client.query<{ id: number }>(
    "select nextval(pg_get_serial_sequence('orders', 'id'))::float8 as id from generate_series(1, $1::integer)",
    [count],
  );
  return rows.map(({ id }) => id);
}

function* makeOrders(
  { ids, firstNumber, seed, untilMs }: NewAccounts,
  orderIds: readonly number[],
  products: readonly Product[],
): Generator<SeedOrder> {
  for (const [place, id] of orderIds.entries()) {
    const index = place % ids.length;
    const draw = mixed(seed, drawFor.order, firstNumber + index, Math.floor(place / ids.length));
    const age = 1 - (place + 0.5) / orderIds.length;
    yield {
      id,
      accountId: ids[index] ?? 0,
      createdAt: new Date(untilMs - age * historyDays * dayMs),
      lines: pickProducts(products, draw).map((product, line) => ({ ...product, quantity: 1 + ((draw >>> line) % 2) })),
    };
  }
}

/** One to three different products: neighbours in the catalogue are unlike each other. */
function pickProducts(products: readonly Product[], draw: number): readonly Product[] {
  const count = Math.min(products.length, 1 + (draw % maxLines));
  return Array.from({ length: count }, (_, n) => products[((draw >>> 4) + n) % products.length]).filter(
    (product) => product !== undefined,
  );
}

function* orderRows(orders: Iterable<SeedOrder>): Generator<readonly (number | Date)[]> {
  for (const { id, accountId, createdAt, lines } of orders) {
    const totalCents = lines.reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0);
    yield [id, accountId, totalCents, createdAt];
  }
}

function* lineRows(orders: Iterable<SeedOrder>): Generator<readonly (number | string)[]> {
  for (const { id, lines } of orders) {
    for (const line of lines) yield [id, line.id, line.name, line.quantity, line.priceCents];
  }
}
