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

/** Gives the indexes and foreign keys of a table that has taken another's name the names that go with it. */
export async function renameParts(client: ClientBase, table: string, from: string, to: string): Promise<void> {
  const { rows } = await client.query<{ command: string }>(
    `select format('alter index %I rename to %I', relname, $3 || substr(relname, length($2) + 1)) as command
       from pg_index join pg_class on pg_class.oid = indexrelid
      where indrelid = $1::regclass and relname like $2 || '\\_%'
        and not ($3 like $2 || '%' and relname like $3 || '\\_%')
     union all
     select format('alter table %s rename constraint %I to %I', conrelid::regclass, conname,
                   $3 || substr(conname, length($2) + 1))
       from pg_constraint where conrelid = $1::regclass and contype = 'f' and conname like $2 || '\\_%'`,
    [table, from, to],
  );
  for (const { command } of rows) await client.query(command);
}
