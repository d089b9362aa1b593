import { databaseIndexes } from "../../../service/contract/indexes.ts";
import { asAdmin, type AdminTarget } from "./admin-connection.ts";

export interface ObservedIndex {
  readonly name: string;
  /** An index whose build was cut off, or goes on, is not valid: it costs every write and serves no read. */
  readonly valid: boolean;
}

/** Those indexes of the step `database-indexes` that there are. Throws when the database does not answer. */
export async function observeIndexes(target: AdminTarget): Promise<readonly ObservedIndex[]> {
  const { rows } = await asAdmin(target, "shop", (client) =>
    client.query<ObservedIndex>(
      `select relname as name, indisvalid as valid from pg_index join pg_class on pg_class.oid = indexrelid
        where relnamespace = 'public'::regnamespace and relname = any($1) order by relname`,
      [databaseIndexes.map(({ name }) => name)],
    ),
  );
  return rows;
}
