import { join } from "node:path";
import pg from "pg";
import { migrateSchema } from "./store/migrate-schema.ts";
import { ensureShopRole } from "./store/shop-role.ts";

/**
 * Brings the database at SHOP_MIGRATE_URL (postgres://, TCP or unix socket, a role that may create roles) to the
 * newest schema: `node migrate.js`. With SHOP_ROLE_PASSWORD the role `shop` can sign in by it. Two at once wait for each other; a second run changes nothing.
 * What it waits for goes to stderr.
 */
async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: "shop-migrate" });
  client.on("error", (error) => console.error(`lost the connection to the database: ${error.message}`));
  await client.connect();
  try {
    await ensureShopRole(client);
    await setRolePassword(client, process.env["SHOP_ROLE_PASSWORD"]);
    return await migrateSchema(client, join(import.meta.dirname, "migrations"), {
      signal: new AbortController().signal,
      say: (line) => console.error(line),
    });
  } finally {
    await client.end();
  }
}

/** Where the shop signs in by password: Postgres keeps a verifier of it (SCRAM), never the text. */
async function setRolePassword(client: pg.Client, password = ""): Promise<void> {
  if (password === "") return;
  await client.query("set password_encryption = 'scram-sha-256'");
  await client.query(`alter role shop password ${client.escapeLiteral(password)}`);
}

const url = process.env["SHOP_MIGRATE_URL"];
if (url === undefined || url === "") {
  console.error("SHOP_MIGRATE_URL is not set: the postgres:// URL of the database to migrate");
  process.exitCode = 2;
} else {
  try {
    const applied = await migrate(url);
    console.error(applied.length === 0 ? "schema is up to date" : `applied ${applied.join(", ")}`);
  } catch (error) {
    console.error(`migration failed, nothing was changed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
