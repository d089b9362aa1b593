import type { Order, OrderLine, OrderPage, OrderStatus, OrderSummary } from "../contract/orders.ts";
import { cancellableUntil } from "../shop/order-rules.ts";
import type { Database } from "./database.ts";
import type { Transaction } from "./transaction.ts";

interface OrderRow {
  readonly id: number;
  readonly created_at: Date;
  readonly total_cents: number;
  readonly status: OrderStatus;
}

/** An account's orders, newest first, those before the order `after`. */
export async function listOrders(
  database: Database,
  accountId: number,
  page: { readonly limit: number; readonly after: number | undefined },
): Promise<OrderPage> {
  const rows = await database.read<OrderRow>(
    `select id, created_at, total_cents, status from orders
     where account_id = $1 and ($3::bigint is null or id < $3) order by id desc limit $2`,
    [accountId, page.limit + 1, page.after ?? null],
    `account:${accountId}`,
  );
  const items = rows.slice(0, page.limit).map(toSummary);
  return { items, next: rows.length > page.limit ? String(items.at(-1)?.id) : null };
}

const oneOrder = `select o.id, o.created_at, o.total_cents, o.status,
    (select json_agg(json_build_object('productId', l.product_id, 'name', l.name, 'quantity', l.quantity,
                                       'priceCents', l.price_cents) order by l.product_id)
     from order_line l where l.order_id = o.id) as lines
  from orders o where o.id = $1 and o.account_id = $2`;

type OneOrderRow = OrderRow & { readonly lines: OrderLine[] };

/** One order of an account; undefined when there is none or it is another account's. */
export async function findOrder(database: Database, accountId: number, orderId: number): Promise<Order | undefined> {
  const [row] = await database.read<OneOrderRow>(oneOrder, [orderId, accountId], `account:${accountId}`);
  return row && toOrder(row);
}

/** As `findOrder`, with what the transaction has changed. */
export async function findOrderWithin(
  transaction: Transaction,
  accountId: number,
  orderId: number,
): Promise<Order | undefined> {
  const [row] = await transaction.query<OneOrderRow>(oneOrder, [orderId, accountId]);
  return row && toOrder(row);
}

function toOrder(row: OneOrderRow): Order {
  return { ...toSummary(row), lines: row.lines };
}

function toSummary(row: OrderRow): OrderSummary {
  return {
    id: row.id,
    createdAt: row.created_at.toISOString(),
    totalCents: row.total_cents,
    status: row.status,
    cancellableUntil: cancellableUntil(row.created_at, row.status),
  };
}
