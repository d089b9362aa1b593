import type { Order, OrderLine } from "../contract/orders.ts";
import type { PostedMail } from "../mail/post-office.ts";
import { cancellableUntil, type WantedLine } from "../shop/order-rules.ts";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";
import type { Database } from "./database.ts";
import { claimKey, saveAnswer, type IdempotencyClaim } from "./idempotency.ts";
import type { Transaction } from "./transaction.ts";

export interface OrderPlacement {
  readonly accountId: number;
  /** Whether its address was known to be its own; where not, the database is asked, and how often it has ordered. */
  readonly isVerified: boolean;
  /** One a product, ordered by product id. */
  readonly lines: readonly WantedLine[];
  /** What the order may cost and nothing else; undefined when whoever orders takes it as it is. */
  readonly expectedTotalCents: number | undefined;
  readonly idempotency: IdempotencyClaim | undefined;
  /** Posts the confirmation of a new order within its transaction. */
  readonly confirm: (transaction: Transaction, email: string, order: Order) => PostedMail;
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
  const { accountId, isVerified, lines, expectedTotalCents, idempotency, confirm } = placement;
  if (idempotency !== undefined) {
    const earlier = await claimKey(transaction, accountId, idempotency);
    if (earlier !== undefined) {
      return earlier.ok ? accepted({ order: earlier.value, replayed: true, confirmation: undefined }) : earlier;
    }
  }
  const bound = isVerified ? undefined : await boundOf(transaction, accountId);
  if (bound !== undefined) return refused({ code: "verify-first", retryAfterSeconds: bound });
  const { order, taken, email } = await takeAndWrite(transaction, accountId, lines);
  if (order === undefined) return refuseLines(transaction, lines, taken);
  const { totalCents } = order;
  if (expectedTotalCents !== undefined && expectedTotalCents !== totalCents)
    return refused({ code: "total-changed", totalCents });
  if (idempotency !== undefined) saveAnswer(transaction, accountId, idempotency.key, order);
  return accepted({ order, replayed: false, confirmation: confirm(transaction, email, order) });
}

/** Orders in 24 hours of an account whose address nobody has shown to be theirs: each sends a mail to whoever has it. */
const unverifiedPerDay = 10;

/** Seconds until such an account may order again; undefined when it may now. One order after the other, so that none is missed. */
async function boundOf(transaction: Transaction, accountId: number): Promise<number | undefined> {
  const unverified = await transaction.query(
    "select from account where id = $1 and email_verified_at is null for no key update",
    [accountId],
  );
  if (unverified.length === 0) return undefined;
  const [oldest] = await transaction.query<{ seconds: number }>(
    `select ceil(extract(epoch from created_at + interval '1 day' - now()))::int as seconds
     from orders where account_id = $1 and created_at > now() - interval '1 day'
     order by id desc offset ${unverifiedPerDay - 1} limit 1`,
    [accountId],
  );
  return oldest && Math.max(1, oldest.seconds);
}

interface PlacedRow {
  readonly order_id: number | null;
  readonly placed_at: Date;
  readonly email: string;
  readonly total: number;
  /** What there was enough of; null when that is nothing. */
  readonly lines: OrderLine[] | null;
}

/**
 * Takes the stock and writes the order (`migrations/0009_place_order.sql`, `0012_order_plan.sql`); no order when some product had
 * too little.
 */
async function takeAndWrite(
  transaction: Transaction,
  accountId: number,
  lines: readonly WantedLine[],
): Promise<{ readonly order: Order | undefined; readonly taken: readonly OrderLine[]; readonly email: string }> {
  const [row] = await transaction.query<PlacedRow>(
    "select order_id, placed_at, email, total, lines from place_order($1, $2, $3)",
    [accountId, lines.map((line) => line.productId), lines.map((line) => line.quantity)],
  );
  if (row === undefined) throw new Error("an order was asked for without an answer");
  const { order_id: id, placed_at: placedAt, email, total, lines: taken } = row;
  if (id === null || taken === null) return { order: undefined, taken: taken ?? [], email };
  const order: Order = {
    id,
    createdAt: placedAt.toISOString(),
    totalCents: total,
    status: "placed",
    cancellableUntil: cancellableUntil(placedAt, "placed"),
    lines: taken,
  };
  return { order, taken, email };
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
