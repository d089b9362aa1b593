import { z } from "zod";
import { asAdmin } from "../../postgres/admin-connection.ts";
import { migrateBy } from "../../release/shop-release.ts";
import { compare } from "../../observation/difference.ts";
import type { ResourceHandler, Say } from "../resource-handler.ts";

const inputs = z.strictObject({
  sockets: z.string(),
  port: z.int(),
  releaseFolder: z.string(),
  /** Hash of the release's migrations: the schema changes when, and only when, they do. */
  migrationsHash: z.string(),
});
type Inputs = z.infer<typeof inputs>;
export const schemaOutputs = z.object({ newestMigration: z.string() });

/** The shop's tables. Migrations only go forward; removing this resource leaves the data alone. */
export const schema: ResourceHandler<Inputs, z.infer<typeof schemaOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: ["releaseFolder"],
  create: async (wanted, say) => ({ id: "schema", outputs: await migrate(wanted, say) }),
  update: (wanted, _before, say) => migrate(wanted, say),
  exists: async (state) => (await newestMigration(state)) !== "",
  observe: async (state) => compare("newest migration", state.newestMigration, await newestMigration(state)),
  remove: async () => undefined,
};

async function migrate(wanted: Inputs, say: Say): Promise<z.infer<typeof schemaOutputs>> {
  await migrateBy(wanted.releaseFolder, { target: wanted, database: "shop" }, say);
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
