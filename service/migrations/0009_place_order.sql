-- Up Migration
-- What every order does, as one statement: Postgres keeps its plans for as long as a connection lives, also behind a pooler
-- that allows no named statements. Takes the stock of every product that has enough of it, and writes the order when all
-- had; otherwise order_id is null, and the caller undoes the rest. Products are locked in the order of their ids, and the
-- condition is checked on the locked row, so that no two orders take the same piece or wait for each other in a ring.
create function place_order(buyer bigint, wanted_ids bigint[], wanted_quantities integer[],
  out order_id bigint, out placed_at timestamptz, out email text, out total bigint, out lines json)
language plpgsql as $$
begin
  with wanted as (select * from unnest(wanted_ids, wanted_quantities) as w (id, quantity)),
       locked as (select p.id from product p where p.id = any (wanted_ids) order by p.id for no key update),
       taken as (
         update product p set stock = p.stock - w.quantity
         from wanted w join locked using (id)
         where p.id = w.id and p.stock >= w.quantity and p.retired_at is null
         returning p.id, p.name, w.quantity, p.price_cents),
       placed as (
         insert into orders (account_id, total_cents)
         select buyer, sum(t.price_cents::bigint * t.quantity) from taken t having count(*) = cardinality(wanted_ids)
         returning orders.id, orders.created_at, orders.total_cents),
       written as (
         insert into order_line (order_id, product_id, name, quantity, price_cents)
         select placed.id, t.id, t.name, t.quantity, t.price_cents from placed, taken t)
  select (select placed.id from placed), (select placed.created_at from placed), (select placed.total_cents from placed),
         json_agg(json_build_object('productId', t.id, 'name', t.name, 'quantity', t.quantity,
                                    'priceCents', t.price_cents) order by t.id)
  into order_id, placed_at, total, lines from taken t;
  select a.email into email from account a where a.id = buyer;
end $$;

-- It runs with the rights of who calls it, so that it gives nobody any.
grant execute on function place_order to shop;
