import { asAdmin, type AdminTarget } from "../postgres/admin-connection.ts";

export interface TableChange {
  readonly table: string;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
}

/** Rows of each table of a database, counted one by one. */
export async function countRows(database: AdminTarget, name: string): Promise<ReadonlyMap<string, number>> {
  return asAdmin(database, name, async (client) => {
    const tables = await client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    );
    const counts = new Map<string, number>();
    for (const table of tables.rows) {
      const found = await client.query<{ rows: string }>(
        `select count(*) as rows from public.${client.escapeIdentifier(table.name)}`,
      );
      counts.set(table.name, Number(found.rows[0]?.rows));
    }
    return counts;
  });
}

/** Tables whose number of rows differs, by name; one that is missing has none. */
export function compareRows(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): readonly TableChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted()
    .map((table) => ({ table, rowsBefore: before.get(table) ?? 0, rowsAfter: after.get(table) ?? 0 }))
    .filter(({ rowsBefore, rowsAfter }) => rowsBefore !== rowsAfter);
}
