import type { Order, OrderLine } from "../contract/orders.ts";
import type { PostedMail } from "../mail/post-office.ts";
import { cancellableUntil, totalCents, type WantedLine } from "../shop/order-rules.ts";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";
import type { Database, Transaction } from "./database.ts";
import { claimKey, saveAnswer, type IdempotencyClaim } from "./idempotency.ts";

export interface OrderPlacement {
  readonly accountId: number;
  /** One a product, ordered by product id. */
  readonly lines: readonly WantedLine[];
  readonly idempotency: IdempotencyClaim | undefined;
  /** Posts the confirmation of a new order within its transaction. */
  readonly confirm: (transaction: Transaction, email: string, order: Order) => Promise<PostedMail>;
}

export interface PlacedOrder {
  readonly order: Order;
  /** True when the order was placed by an earlier request with the same key. */
  readonly replayed: boolean;
  /** Undefined for a replayed order: its mail was posted with it. */
  readonly confirmation: PostedMail | undefined;
}

/** Takes the stock and writes the order, all or nothing; with a key that was used before, gives the order placed then. */
export async function placeOrder(database: Database, placement: OrderPlacement): Promise<Outcome<PlacedOrder>> {
  const placed = await database.transaction(
    (transaction) => placeWithin(transaction, placement),
    (outcome) => outcome.ok,
  );
  if (placed.ok) {
    const products = placement.lines.map(({ productId }) => `product:${productId}` as const);
    await database.wrote(`account:${placement.accountId}`, ...products);
  }
  return placed;
}

async function placeWithin(transaction: Transaction, placement: OrderPlacement): Promise<Outcome<PlacedOrder>> {
  const { accountId, lines, idempotency, confirm } = placement;
  if (idempotency !== undefined) {
    const earlier = await claimKey(transaction, accountId, idempotency);
    if (earlier !== undefined) {
      return earlier.ok ? accepted({ order: earlier.value, replayed: true, confirmation: undefined }) : earlier;
    }
  }
  const taken = await takeStock(transaction, lines);
  if (taken.length < lines.length) return refuseLines(transaction, lines, taken);
  const { order, email } = await insertOrder(transaction, accountId, taken);
  if (idempotency !== undefined) await saveAnswer(transaction, accountId, idempotency.key, order);
  return accepted({ order, replayed: false, confirmation: await confirm(transaction, email, order) });
}

/**
 * Lowers the stock of every product that has enough of it. The rows are locked in the order of their ids first; the
 * condition is checked on the locked row, so that no two orders can take the same piece.
 */
async function takeStock(transaction: Transaction, lines: readonly WantedLine[]): Promise<OrderLine[]> {
  const taken = await transaction.query<OrderLine>(
    `with wanted as (select * from unnest($1::bigint[], $2::integer[]) as w (id, quantity)),
          locked as (select id from product where id = any ($1::bigint[]) order by id for no key update)
     update product p set stock = p.stock - w.quantity
     from wanted w join locked using (id)
     where p.id = w.id and p.stock >= w.quantity and p.retired_at is null
     returning p.id as "productId", p.name, w.quantity, p.price_cents as "priceCents"`,
    [lines.map((line) => line.productId), lines.map((line) => line.quantity)],
  );
  return taken.toSorted((a, b) => a.productId - b.productId);
}

async function refuseLines(
  transaction: Transaction,
  lines: readonly WantedLine[],
  taken: readonly OrderLine[],
): Promise<Outcome<never>> {
  const missing = lines.map((line) => line.productId).filter((id) => !taken.some((line) => line.productId === id));
  const known = await transaction.query<{ id: number }>(
    "select id from product where id = any ($1::bigint[]) and retired_at is null",
    [missing],
  );
  const unknown = missing.filter((id) => !known.some((row) => row.id === id));
  return refused(
    unknown.length > 0
      ? { code: "unknown-product", productIds: unknown }
      : { code: "out-of-stock", productIds: missing },
  );
}

/** Writes the order, and reads the address that its confirmation goes to. */
async function insertOrder(
  transaction: Transaction,
  accountId: number,
  lines: readonly OrderLine[],
): Promise<{ readonly order: Order; readonly email: string }> {
  const total = totalCents(lines);
  const rows = await transaction.query<{ id: number; created_at: Date; email: string }>(
    `with placed as (insert into orders (account_id, total_cents) values ($1, $2) returning id, created_at),
          written as (insert into order_line (order_id, product_id, name, quantity, price_cents)
                      select placed.id, l.* from placed, unnest($3::bigint[], $4::text[], $5::integer[], $6::integer[]) as l)
     select id, created_at, (select email from account where id = $1) as email from placed`,
    [
      accountId,
      total,
      lines.map((line) => line.productId),
      lines.map((line) => line.name),
      lines.map((line) => line.quantity),
      lines.map((line) => line.priceCents),
    ],
  );
  const row = rows[0];
  if (row === undefined) throw new Error("an order was inserted but not returned");
  const order: Order = {
    id: row.id,
    createdAt: row.created_at.toISOString(),
    totalCents: total,
    status: "placed",
    cancellableUntil: cancellableUntil(row.created_at, "placed"),
    lines: [...lines],
  };
  return { order, email: row.email };
}
