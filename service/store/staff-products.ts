import type { NewProduct, ProductChanges, StaffProduct } from "../contract/staff.ts";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";
import type { Database } from "./database.ts";
import { summaryColumns } from "./products.ts";

interface StaffProductRow extends Omit<StaffProduct, "retiredAt" | "createdAt"> {
  readonly retired_at: Date | null;
  readonly created_at: Date;
}

const columns = `${summaryColumns}, p.description, p.stock, p.retired_at, p.created_at`;

/** Adds a product; its first stock is written down as a change by `accountId`. */
export async function insertProduct(
  database: Database,
  accountId: number,
  product: NewProduct,
): Promise<Outcome<StaffProduct>> {
  const { category, name, description, priceCents, stock } = product;
  const rows = await database.query<StaffProductRow>(
    `with made as (insert into product (category_id, name, description, price_cents, stock)
                   select id, $2, $3, $4, $5 from category where slug = $1 returning *),
          noted as (insert into stock_change (product_id, account_id, change, stock, reason)
                    select id, $6, stock, stock, 'new product' from made)
     select ${columns} from made p join category c on c.id = p.category_id`,
    [category, name, description, priceCents, stock, accountId],
  );
  const row = rows[0];
  if (row === undefined) return refused({ code: "unknown-category" });
  await database.wrote("catalogue", `product:${row.id}`);
  return accepted(toStaffProduct(row));
}

/** Changes what is given and leaves the rest. Retiring twice keeps the first time. */
export async function updateProduct(
  database: Database,
  id: number,
  changes: ProductChanges,
): Promise<Outcome<StaffProduct>> {
  const { category, name, description, priceCents, retired } = changes;
  const rows = await database.query<StaffProductRow>(
    `with changed as (
       update product set category_id = coalesce((select id from category where slug = $2), category_id),
              name = coalesce($3, name), description = coalesce($4, description), price_cents = coalesce($5, price_cents),
              retired_at = case when $6 then coalesce(retired_at, now()) when not $6 then null else retired_at end
       where id = $1 and ($2::text is null or exists (select from category where slug = $2)) returning *)
     select ${columns} from changed p join category c on c.id = p.category_id`,
    [id, category ?? null, name ?? null, description ?? null, priceCents ?? null, retired ?? null],
  );
  const row = rows[0];
  if (row !== undefined) {
    await database.wrote("catalogue", `product:${id}`);
    return accepted(toStaffProduct(row));
  }
  const exists = (await findStaffProduct(database, id)) !== undefined;
  return refused({ code: exists ? "unknown-category" : "not-found" });
}

/** A product, also a retired one. */
export async function findStaffProduct(database: Database, id: number): Promise<StaffProduct | undefined> {
  const rows = await database.read<StaffProductRow>(
    `select ${columns} from product p join category c on c.id = p.category_id where p.id = $1`,
    [id],
  );
  return rows[0] && toStaffProduct(rows[0]);
}

function toStaffProduct({ retired_at, created_at, ...product }: StaffProductRow): StaffProduct {
  return { ...product, retiredAt: retired_at?.toISOString() ?? null, createdAt: created_at.toISOString() };
}
