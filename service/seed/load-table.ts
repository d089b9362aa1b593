import type { ClientBase } from "pg";

interface Index {
  readonly name: string;
  readonly definition: string;
}

/**
 * Loads a table with `load`. One that was empty gets its indexes after its rows: sorting them once costs a fraction of
 * putting each row into every index. A table with rows belongs to a shop that may be in use, so it keeps its indexes:
 * taking them away would lock it until the end of the transaction. Primary keys and unique constraints always stay.
 */
export async function loadTable(client: ClientBase, table: string, load: () => Promise<void>): Promise<void> {
  const indexes = (await isEmpty(client, table)) ? await secondaryIndexes(client, table) : [];
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  await load();
  for (const { definition } of indexes) await client.query(definition);
}

async function isEmpty(client: ClientBase, table: string): Promise<boolean> {
  return (await client.query(`select from ${table} limit 1`)).rowCount === 0;
}

async function secondaryIndexes(client: ClientBase, table: string): Promise<readonly Index[]> {
  const { rows } = await client.query<Index>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid = $1::regclass and not indisunique order by indexrelid`,
    [table],
  );
  return rows;
}
