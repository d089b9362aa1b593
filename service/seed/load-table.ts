import type { ClientBase } from "pg";

/** Something of a table that is taken away for the load and made again after it. */
interface Part {
  readonly drop: string;
  readonly create: string;
}

/**
 * Loads a table with `load`. One that was empty gets its indexes and foreign keys after its rows: sorting them once, and
 * checking all references in one join, costs a fraction of doing so row by row. A table with rows belongs to a shop that
 * may be in use, so it keeps them: taking them away would lock it until the end of the transaction. Primary keys and
 * unique constraints always stay.
 */
export async function loadTable(client: ClientBase, table: string, load: () => Promise<void>): Promise<void> {
  const parts = (await isEmpty(client, table)) ? await findParts(client, table) : [];
  for (const { drop } of parts) await client.query(drop);
  await load();
  for (const { create } of parts) await client.query(create);
}

async function isEmpty(client: ClientBase, table: string): Promise<boolean> {
  return (await client.query(`select from ${table} limit 1`)).rowCount === 0;
}

/** Definitions of indexes over partitions say ON ONLY, with which the partitions would get none. */
async function findParts(client: ClientBase, table: string): Promise<readonly Part[]> {
  const { rows } = await client.query<Part>(
    `select format('drop index %s', indexrelid::regclass) as drop,
            replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') as create
     from pg_index where indrelid = $1::regclass and not indisunique
     union all
     select format('alter table %s drop constraint %I', conrelid::regclass, conname),
            format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
     from pg_constraint where conrelid = $1::regclass and contype = 'f'
     order by 1`,
    [table],
  );
  return rows;
}
