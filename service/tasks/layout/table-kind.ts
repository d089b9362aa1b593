import type { ClientBase } from "pg";

/** How a table is laid out; `absent` when there is none of that name. */
export type TableKind = "plain" | "partitioned" | "absent";

export async function tableKind(client: ClientBase, table: string): Promise<TableKind> {
  const { rows } = await client.query<{ kind: string }>(
    "select relkind as kind from pg_class where oid = to_regclass('public.' || quote_ident($1))",
    [table],
  );
  const kind = rows[0]?.kind;
  return kind === undefined ? "absent" : kind === "p" ? "partitioned" : "plain";
}

/**
 * Statements that give the indexes and foreign keys of `table` the names that go with another name of it, `to`, after it
 * has got that. `without` are indexes that are exchanged by then.
 */
export async function renames(
  client: ClientBase,
  table: string,
  { to, without = [] }: { readonly to: string; readonly without?: readonly string[] },
): Promise<readonly string[]> {
  const { rows } = await client.query<{ command: string }>(
    `select format('alter index %I rename to %I', relname, $2 || substr(relname, length($1) + 1)) as command
       from pg_index join pg_class on pg_class.oid = indexrelid
      where indrelid = $1::regclass and starts_with(relname, $1 || '_') and relname <> all ($3)
     union all
     select format('alter table %I rename constraint %I to %I', $2, conname, $2 || substr(conname, length($1) + 1))
       from pg_constraint where conrelid = $1::regclass and contype = 'f' and starts_with(conname, $1 || '_')`,
    [table, to, without],
  );
  return rows.map(({ command }) => command);
}
