import type { ClientBase } from "pg";
import { cutAfter, monthName, monthOf } from "./months.ts";
import { politely, type Patience } from "../../store/politely.ts";

/** A cut that is nearer than this is made anew: rows beyond it would be refused while the table is not partitioned. */
const leastMs = 2 * 86_400_000;

const prefix = "login_attempt_before";

/**
 * A constraint that no attempt lies beyond the cut, checked: with it the table can become a partition without being read
 * under a lock. The constraint's name says the cut, so that a run that takes over finds it.
 */
export async function ensureCut(
  client: ClientBase,
  nowMs: number,
  patience: Patience,
): Promise<{ readonly cut: Date; readonly constraint: string }> {
  const [found] = await findCuts(client, "login_attempt");
  const known = found === undefined ? undefined : monthOf(found);
  if (found !== undefined && known !== undefined && known.getTime() - nowMs > leastMs) {
    await validate(client, found, patience);
    return { cut: known, constraint: found };
  }
  await dropCuts(client, "login_attempt", patience);
  const cut = cutAfter(nowMs);
  const constraint = `${prefix}_${monthName(cut)}`;
  await politely(client, "setting where the history ends", patience, [
    `alter table login_attempt add constraint ${constraint} check (created_at < '${cut.toISOString()}') not valid`,
  ]);
  await validate(client, constraint, patience);
  return { cut, constraint };
}

/** Takes the constraint away again, wherever it is by now. */
export async function dropCuts(client: ClientBase, table: string, patience: Patience): Promise<void> {
  for (const name of await findCuts(client, table)) {
    await politely(client, `dropping ${name}`, patience, [`alter table ${table} drop constraint if exists ${name}`]);
  }
}

async function findCuts(client: ClientBase, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select conname as name from pg_constraint
      where conrelid = to_regclass($1) and contype = 'c' and conname like '${prefix}\\_%'`,
    [table],
  );
  return rows.map(({ name }) => name);
}

/** Reads the whole table, beside its traffic. */
async function validate(client: ClientBase, constraint: string, patience: Patience): Promise<void> {
  const what = `checking that every attempt fits the history (${constraint})`;
  patience.say(what);
  await politely(client, what, patience, [`alter table login_attempt validate constraint ${constraint}`]);
}
