import type { LocalEnvironment } from "../../environment/environment.ts";
import { componentPlaces } from "../layout.ts";
import { asAdmin, type AdminTarget } from "../postgres/admin-connection.ts";

/**
 * Indexes that a `create index concurrently` which was cut off left invalid: they cost every write and serve no read. One
 * that is still being built is none of them, nor one over partitions, which belongs to a layout that is being made. Empty when the database does not answer.
 */
export async function findInvalidIndexes(environment: LocalEnvironment): Promise<readonly string[]> {
  const found = await asAdmin(databaseOf(environment), "shop", (client) =>
    client.query<{ name: string }>(`
      select format('%I.%I', nspname, relname) as name
        from pg_index join pg_class on pg_class.oid = indexrelid join pg_namespace on pg_namespace.oid = relnamespace
       where not indisvalid and relkind = 'i'
         and indexrelid not in (select index_relid from pg_stat_progress_create_index where index_relid is not null)
       order by name`),
  ).catch(() => undefined);
  return (found?.rows ?? []).map(({ name }) => name);
}

/** Drops an index that `findInvalidIndexes` named, beside the traffic. */
export async function dropInvalidIndex(environment: LocalEnvironment, name: string): Promise<void> {
  await asAdmin(databaseOf(environment), "shop", (client) => client.query(`drop index concurrently if exists ${name}`));
}

function databaseOf({ paths, ports }: LocalEnvironment): AdminTarget {
  return { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
}
