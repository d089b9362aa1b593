import type { Database } from "./database.ts";

/** True when an account is the shop's staff; asked each time, so that it ends at once when it is taken back. */
export async function isStaff(database: Database, accountId: number): Promise<boolean> {
  const rows = await database.read("select from staff where account_id = $1", [accountId]);
  return rows.length > 0;
}
