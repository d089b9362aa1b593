import { join } from "node:path";
import { z } from "zod";
import { osUser } from "../../host/os-users.ts";
import { runCommand } from "../../host/run-command.ts";
import { adminUrl, asAdmin } from "../../postgres/admin-connection.ts";
import type { ResourceHandler } from "../resource-handler.ts";

const inputs = z.strictObject({
  sockets: z.string(),
  port: z.int(),
  releaseFolder: z.string(),
  /** Hash of the release's migrations: the schema changes when, and only when, they do. */
  migrationsHash: z.string(),
});
type Inputs = z.infer<typeof inputs>;
export const schemaOutputs = z.object({ newestMigration: z.string() });

/** Adding an index to a large table is the slowest thing a migration does. */
const migrateTimeoutMs = 600_000;

/** The shop's tables. Migrations only go forward; removing this resource leaves the data alone. */
export const schema: ResourceHandler<Inputs, z.infer<typeof schemaOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: ["releaseFolder"],
  create: async (wanted) => ({ id: "schema", outputs: await migrate(wanted) }),
  update: migrate,
  exists: async (state) => (await newestMigration(state)) !== "",
  remove: async () => undefined,
};

async function migrate(wanted: Inputs): Promise<z.infer<typeof schemaOutputs>> {
  const node = join(wanted.releaseFolder, "node");
  await runCommand(node, [join(wanted.releaseFolder, "migrate.js")], {
    user: osUser("postgres"),
    environment: { SHOP_MIGRATE_URL: adminUrl({ sockets: wanted.sockets, port: wanted.port }, "shop") },
    timeoutMs: migrateTimeoutMs,
  });
  return { newestMigration: await newestMigration(wanted) };
}

async function newestMigration(target: Inputs): Promise<string> {
  return asAdmin(target, "shop", async (client) => {
    const table = await client.query("select to_regclass('public.schema_migration') as found");
    if (table.rows[0]?.found === null) return "";
    const newest = await client.query<{ name: string }>("select name from schema_migration order by id desc limit 1");
    return newest.rows[0]?.name ?? "";
  });
}
