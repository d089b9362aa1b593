import type { ClientBase } from "pg";
import { monthAfter, monthName, monthOf } from "./months.ts";
import { politely, type Patience } from "../../store/politely.ts";
import { tableKind } from "./table-kind.ts";

/** Months that there are partitions for, beside the one that runs. */
const monthsAhead = 3;

/**
 * Makes the monthly partitions of `table` from `from` up to three months ahead of `nowMs`, and gives how many it made. A
 * table of its own that is then attached takes a lock that no insert waits for; `partition of` would.
 */
export async function addMonths(
  client: ClientBase,
  table: string,
  { from, nowMs, patience }: { readonly from: Date; readonly nowMs: number; readonly patience: Patience },
): Promise<number> {
  let made = 0;
  const end = monthAfter(nowMs, monthsAhead + 1);
  for (let month = from; month < end; month = monthAfter(month.getTime(), 1)) {
    const name = `login_attempt_${monthName(month)}`;
    if ((await tableKind(client, name)) !== "absent") continue;
    const [first, next] = [month, monthAfter(month.getTime(), 1)].map((at) => at.toISOString());
    await politely(client, `adding ${name}`, patience, [
      `create table ${name} (like ${table} including defaults including constraints including indexes)`,
      `alter table ${table} attach partition ${name} for values from ('${first}') to ('${next}')`,
    ]);
    made += 1;
  }
  return made;
}

/** Keeps partitions ahead of the time; does nothing to a table that has none. Run every day. */
export async function keepMonthsAhead(client: ClientBase, nowMs: number, patience: Patience): Promise<number> {
  if ((await tableKind(client, "login_attempt")) !== "partitioned") return 0;
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
      where inhparent = 'login_attempt'::regclass`,
  );
  const months = rows.flatMap(({ name }) => monthOf(name)?.getTime() ?? []);
  if (months.length === 0) throw new Error("login_attempt has no monthly partition to go on from");
  return addMonths(client, "login_attempt", {
    from: monthAfter(Math.max(...months), 1),
    nowMs,
    patience,
  });
}
