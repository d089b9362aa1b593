import { cancellableMinutes, type Order } from "../contract/orders.ts";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";
import type { Database } from "./database.ts";
import { findOrderWithin } from "./orders.ts";
import type { Transaction } from "./transaction.ts";

export interface CancelledOrder {
  readonly order: Order;
  /** True when an earlier request cancelled it. */
  readonly replayed: boolean;
}

/** Cancels an account's order and gives its stock back, together and once, however often it is asked. */
export async function cancelOrder(
  database: Database,
  accountId: number,
  orderId: number,
): Promise<Outcome<CancelledOrder>> {
  const cancelled = await database.transaction<Outcome<CancelledOrder>>(
    async (transaction) => {
      const cancels = await markCancelled(transaction, accountId, orderId);
      if (cancels) giveStockBack(transaction, orderId);
      const order = await findOrderWithin(transaction, accountId, orderId);
      if (order === undefined) return refused({ code: "not-found" });
      if (order.status !== "cancelled") return refused({ code: "not-cancellable" });
      return accepted({ order, replayed: !cancels });
    },
    (outcome) => outcome.ok,
  );
  if (cancelled.ok) {
    const products = cancelled.value.order.lines.map(({ productId }) => `product:${productId}` as const);
    await database.wrote(`account:${accountId}`, ...products);
  }
  return cancelled;
}

/** True for exactly one of any number of requests: the others wait for it and then find another status. */
async function markCancelled(transaction: Transaction, accountId: number, orderId: number): Promise<boolean> {
  const rows = await transaction.query(
    `update orders set status = 'cancelled', cancelled_at = now()
     where id = $1 and account_id = $2 and status = 'placed' and created_at > now() - make_interval(mins => $3)
     returning id`,
    [orderId, accountId, cancellableMinutes],
  );
  return rows.length > 0;
}

/** Locks the products in the order of their ids, as orders do when they take stock: neither waits for the other in a circle. */
function giveStockBack(transaction: Transaction, orderId: number): void {
  transaction.send(
    `with line as (select product_id, quantity from order_line where order_id = $1),
          locked as (select id from product where id in (select product_id from line) order by id for no key update)
     update product p set stock = p.stock + l.quantity
     from line l join locked on locked.id = l.product_id where p.id = l.product_id`,
    [orderId],
  );
}
