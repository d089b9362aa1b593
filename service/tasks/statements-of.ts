import type { Reader } from "../store/database.ts";
import type { QueryForm } from "../store/query-form.ts";

/** A statement of the shop as it sends it. */
export interface ShopStatement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** The statements that a query of the shop sends, without sending them: every one is answered with no row. */
export async function statementsOf(
  query: (reader: Reader) => Promise<unknown>,
  form: QueryForm = "plain",
): Promise<readonly ShopStatement[]> {
  const statements: ShopStatement[] = [];
  const reader: Reader = {
    form,
    read: (sql, values) => {
      statements.push({ sql, values: values ?? [] });
      return Promise.resolve([]);
    },
  };
  try {
    await query(reader);
  } catch (error) {
    // One that cannot do without a row has sent its statement by then.
    if (statements.length === 0) throw error;
  }
  return statements;
}
