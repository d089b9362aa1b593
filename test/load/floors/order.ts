import express from "express";
import pg from "pg";
import { serve } from "./serve.ts";

/** Bare Express with the least transaction that is an order: takes stock, writes order and lines. No account, no key. */
const pool = new pg.Pool({ connectionString: process.env["FLOOR_DATABASE_URL"], max: 10 });

interface Line {
  readonly productId: number;
  readonly quantity: number;
}

async function place(lines: readonly Line[]): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const ids = lines.map(({ productId }) => productId);
    const taken = await client.query<{ id: number; name: string; quantity: number; price_cents: number }>(
      `update product p set stock = p.stock - w.quantity
       from unnest($1::bigint[], $2::integer[]) as w (id, quantity) where p.id = w.id and p.stock >= w.quantity
       returning p.id, p.name, w.quantity, p.price_cents`,
      [ids, lines.map(({ quantity }) => quantity)],
    );
    const total = taken.rows.reduce((sum, row) => sum + row.price_cents * row.quantity, 0);
    const placed = await client.query<{ id: number }>(
      "insert into orders (account_id, total_cents) values (1, $1) returning id",
      [total],
    );
    const id = placed.rows[0]?.id ?? 0;
    await client.query(
      `insert into order_line (order_id, product_id, name, quantity, price_cents)
       select $1::bigint, * from unnest($2::bigint[], $3::text[], $4::integer[], $5::integer[])`,
      [
        id,
        taken.rows.map((row) => row.id),
        taken.rows.map((row) => row.name),
        taken.rows.map((row) => row.quantity),
        taken.rows.map((row) => row.price_cents),
      ],
    );
    await client.query("commit");
    return id;
  } finally {
    client.release();
  }
}

serve((app) => {
  app.use(express.json());
  app.use((request, response, next) => {
    place((request.body as { lines: Line[] }).lines).then((id) => response.status(201).json({ id }), next);
  });
});
