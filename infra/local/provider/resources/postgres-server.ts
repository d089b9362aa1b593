import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import type { AdminTarget } from "../../postgres/admin-connection.ts";
import { settingsOf } from "../../postgres/server-settings.ts";
import { changePlan, configFiles, definitionOf, startServer } from "../../postgres/server.ts";
import { ensureShopDatabase, setPasswords } from "../../postgres/shop-database.ts";
import { removeService } from "../../supervision/remove-service.ts";
import { compareFile } from "../../observation/compare-file.ts";
import { compareService } from "../../observation/compare-service.ts";
import { compare } from "../../observation/difference.ts";
import { compareDatabase } from "../../postgres/compare-database.ts";
import { dropAbandonedSlots, findAbandonedSlots } from "../../replication/abandoned-slots.ts";
import { databaseServer } from "../../replication/database-server.ts";
import { replicationSettings } from "../../replication/replication-settings.ts";
import { readRoles } from "../../replication/server-roles.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { hasStatementStatistics } from "../../postgres/statement-statistics.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  port: z.int(),
  poolerPort: z.int(),
  maxConnections: z.int(),
  cpu: z.number(),
  memoryMiB: z.number(),
  sharedBuffersMiB: z.int(),
  shopPassword: z.string().min(16),
  poolerPassword: z.string().min(16),
});
export type PostgresServerInputs = z.infer<typeof inputs>;
export const postgresServerOutputs = z.object({ sockets: z.string(), incarnation: z.string() });

/** Time for a fast shutdown, with its last checkpoint, in ms. */
const stopTimeoutMs = 60_000;

/**
 * The first database server, which is the primary unless another one became it. Never replaced: another plan restarts it in place while the pooler holds the queries. Its
 * data directory outlives it; only `env destroy` removes that.
 */
export const postgresServer: ResourceHandler<PostgresServerInputs, z.infer<typeof postgresServerOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  async create(wanted) {
    const incarnation = randomUUID();
    const settings = settingsOf(wanted);
    try {
      await startServer(settings, incarnation);
      await ensureShopDatabase(
        primaryOf(wanted),
        { shop: wanted.shopPassword, pooler: wanted.poolerPassword },
        hasStatementStatistics(),
      );
    } catch (error) {
      await removeService(wanted.paths, processNames.postgres, { stopTimeoutMs, incarnation });
      throw error;
    }
    return { id: `${wanted.paths.root}/postgres`, outputs: { sockets: primaryOf(wanted).sockets, incarnation } };
  },
  async update(wanted, before) {
    const settings = settingsOf(wanted);
    const isSupervised = existsSync(join(wanted.paths.services, processNames.postgres));
    await (isSupervised ? changePlan : startServer)(settings, before.incarnation);
    await setPasswords(primaryOf(wanted), { shop: wanted.shopPassword, pooler: wanted.poolerPassword });
    await dropAbandonedSlots(wanted.paths, wanted.port);
    return { sockets: primaryOf(wanted).sockets, incarnation: before.incarnation };
  },
  exists: async ({ paths }) =>
    existsSync(join(paths.services, processNames.postgres)) && existsSync(componentPlaces(paths).postgres.data),
  async observe(state) {
    const settings = settingsOf(state);
    const roles = readRoles(state.paths);
    const ownSettings = roles === undefined ? {} : replicationSettings(state.paths, roles, 0);
    const slots = await findAbandonedSlots(state.paths, state.port);
    const passwords = { shop: state.shopPassword, pooler: state.poolerPassword };
    const files = await Promise.all(configFiles(settings).map(([path, content]) => compareFile(path, content)));
    return [
      ...(await compareService(state.paths, definitionOf(settings), [state.port])),
      ...files.flat(),
      ...(await compareDatabase(settings.admin, passwords, ownSettings)),
      ...slots.flatMap((name) => compare(`replication slot ${name}`, "none", "keeps log for nobody")),
    ];
  },
  remove: ({ paths, incarnation }) => removeService(paths, processNames.postgres, { stopTimeoutMs, incarnation }),
};

/** The primary's address: this server's own until another one became the primary. */
function primaryOf({ paths, port }: PostgresServerInputs): AdminTarget {
  return databaseServer(paths, { number: 0, port }, 0).admin;
}
