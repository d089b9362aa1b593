import type { Order } from "../contract/orders.ts";
import { cancellableUntil } from "../shop/order-rules.ts";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";
import type { Transaction } from "./transaction.ts";

export interface IdempotencyClaim {
  readonly key: string;
  /** Hash of what is asked for; the same key with another hash is refused. */
  readonly requestHash: Buffer;
}

/** A release before orders had a status saved answers without it; all were placed. */
type SavedAnswer = Order | Omit<Order, "status" | "cancellableUntil">;

/**
 * Claims a key within the order's transaction. Undefined: it is new, go on. Otherwise the saved answer, or a refusal
 * when the key was used for something else. A concurrent request with the same key waits here until the first ends.
 */
export async function claimKey(
  transaction: Transaction,
  accountId: number,
  claim: IdempotencyClaim,
): Promise<Outcome<Order> | undefined> {
  const claimed = await transaction.query(
    `insert into idempotency_key (account_id, key, request_hash) values ($1, $2, $3)
     on conflict do nothing returning key`,
    [accountId, claim.key, claim.requestHash],
  );
  if (claimed.length > 0) return undefined;
  const rows = await transaction.query<{ request_hash: Buffer; answer: SavedAnswer }>(
    "select request_hash, answer from idempotency_key where account_id = $1 and key = $2",
    [accountId, claim.key],
  );
  const saved = rows[0];
  if (saved === undefined) throw new Error("an idempotency key vanished between claim and reading");
  if (!saved.request_hash.equals(claim.requestHash)) return refused({ code: "idempotency-key-reused" });
  return accepted(asAnswered(saved.answer));
}

/** Keeps the answer for requests with the same key; committed together with the order. */
export function saveAnswer(transaction: Transaction, accountId: number, key: string, order: Order): void {
  transaction.send("update idempotency_key set answer = $3 where account_id = $1 and key = $2", [
    accountId,
    key,
    JSON.stringify(order),
  ]);
}

function asAnswered(saved: SavedAnswer): Order {
  if ("status" in saved) return saved;
  return { ...saved, status: "placed", cancellableUntil: cancellableUntil(new Date(saved.createdAt), "placed") };
}
