import { indexFacts } from "../../../service/contract/database-facts.ts";
import { asAdmin, type AdminTarget } from "./admin-connection.ts";

export interface ObservedIndex {
  readonly name: string;
  /** An index whose build was cut off, or goes on, is not valid: it costs every write and serves no read. */
  readonly valid: boolean;
}

/** Those indexes of the step `database-indexes` that there are. Throws when the database does not answer. */
export async function observeIndexes(target: AdminTarget): Promise<readonly ObservedIndex[]> {
  const { text, values } = indexFacts;
  const { rows } = await asAdmin(target, "shop", (client) => client.query<ObservedIndex>(text, [...values]));
  return rows;
}
