import type { TestPostgres } from "../../../support/postgres.ts";
import { openSessions } from "../../../support/shop.ts";
import { many, repeats, userOfStaff, type World } from "./measured.ts";

/** Sessions of the users who ask most. */
const sessionsOfBusy = 6 * repeats;

/** Fills a seeded shop with what the requests need. */
export async function makeWorld(postgres: TestPostgres): Promise<World> {
  const owners = [1, userOfStaff].flatMap((user) => Array<number>(sessionsOfBusy).fill(user));
  const tokens = await openSessions(postgres, owners);
  const byUser = Map.groupBy(tokens, (_, index) => owners[index]!);
  const orders = await placeOrders(postgres);
  return {
    token: (user = 1) => byUser.get(user)?.pop() ?? "",
    orderId: orders.at(-1)!,
    cancellable: orders.slice(0, repeats),
  };
}

/** Gives user 1 many orders, each with many lines; their ids. */
async function placeOrders(postgres: TestPostgres): Promise<number[]> {
  const rows = await postgres.query<{ id: number }>(
    `with placed as (insert into orders (account_id, total_cents) select 1, 100 from generate_series(1, $1::integer)
                     returning id),
          lines as (insert into order_line (order_id, product_id, name, quantity, price_cents)
                    select id, n, 'thing', 1, 2 from placed, generate_series(1, $1::integer) n)
     select id::float8 as id from placed order by id`,
    [many],
  );
  return rows.map(({ id }) => id);
}
