import { runner } from "node-pg-migrate";
import type { Client } from "pg";
import { lockTimeoutMs, untilUnlocked, type Patience } from "./politely.ts";

/**
 * Brings the database of a session to the newest schema of a folder of migrations, in one transaction, and gives the names
 * of those that were missing. No lock is waited for longer than a shopper may wait behind it, that of another migration
 * included: the transaction is undone instead and done again.
 */
export async function migrateSchema(client: Client, folder: string, patience: Patience): Promise<readonly string[]> {
  await client.query(`set lock_timeout = ${lockTimeoutMs}`);
  const run = await untilUnlocked(client, "the migration", patience, () =>
    runner({
      dbClient: client,
      dir: folder,
      direction: "up",
      migrationsTable: "schema_migration",
      advisoryLockMode: "wait",
      checkOrder: true,
      singleTransaction: true,
      log: () => undefined,
    }),
  );
  return run.map((migration) => migration.name);
}
