import { maxStock, type StockChange, type StockChangePage, type StockRequest } from "../contract/staff.ts";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";
import type { Database } from "./database.ts";

interface StockChangeRow extends Omit<StockChange, "createdAt"> {
  readonly created_at: Date;
}

const columns = `n.id, n.product_id as "productId", n.change, n.stock, n.reason, n.account_id as "accountId", n.created_at`;

/** The stock before, and the change that was written down, if the stock could become so. */
type ChangedRow = { readonly before: number } & ({ readonly id: null } | StockChangeRow);

/**
 * Sets or adjusts a stock and writes down who did it, in one statement. The product's row is locked first, so that an
 * order at the same moment is counted before or after the change, never lost.
 */
export async function changeStock(
  database: Database,
  productId: number,
  accountId: number,
  request: StockRequest,
): Promise<Outcome<StockChange>> {
  const sets = "stock" in request;
  const rows = await database.query<ChangedRow>(
    `with locked as (select id, stock as before from product where id = $1 for no key update),
          wanted as (select id, before, $3::bigint + case when $2 then 0 else before end as stock from locked),
          changed as (update product p set stock = w.stock from wanted w
                      where p.id = w.id and w.stock between 0 and ${maxStock} returning w.before, w.stock),
          noted as (insert into stock_change (product_id, account_id, change, stock, reason)
                    select $1, $4, stock - before, stock, $5 from changed returning *)
     select l.before, ${columns} from locked l left join noted n on true`,
    [productId, sets, sets ? request.stock : request.change, accountId, request.reason],
  );
  const row = rows[0];
  if (row === undefined) return refused({ code: "not-found" });
  if (row.id !== null) {
    await database.wrote(`product:${productId}`);
    return accepted(toChange(row));
  }
  if (sets || row.before + request.change < 0) return refused({ code: "out-of-stock", productIds: [productId] });
  return refused({ code: "too-much-stock", productIds: [productId] });
}

/** Changes of a product's stock by hand, newest first, those before the change `after`. */
export async function listStockChanges(
  database: Database,
  productId: number,
  page: { readonly limit: number; readonly after: number | undefined },
): Promise<StockChangePage> {
  const rows = await database.read<StockChangeRow>(
    `select ${columns} from stock_change n
     where n.product_id = $1 and ($3::bigint is null or n.id < $3) order by n.id desc limit $2`,
    [productId, page.limit + 1, page.after ?? null],
  );
  const items = rows.slice(0, page.limit).map((row) => toChange(row));
  return { items, next: rows.length > page.limit ? String(items.at(-1)?.id) : null };
}

function toChange(row: StockChangeRow): StockChange {
  return {
    id: row.id,
    productId: row.productId,
    change: row.change,
    stock: row.stock,
    reason: row.reason,
    accountId: row.accountId,
    createdAt: row.created_at.toISOString(),
  };
}
