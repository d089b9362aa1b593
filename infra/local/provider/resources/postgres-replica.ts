import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { compareFile } from "../../observation/compare-file.ts";
import { compareService } from "../../observation/compare-service.ts";
import { compare, type Difference } from "../../observation/difference.ts";
import { answers, asAdmin } from "../../postgres/admin-connection.ts";
import { compareSettings } from "../../postgres/compare-database.ts";
import { settingsOf, type ServerSettings } from "../../postgres/server-settings.ts";
import { changePlan, configFiles, definitionOf, startServer } from "../../postgres/server.ts";
import { serverName } from "../../replication/database-server.ts";
import { ensureStandby, prepareNewStandby } from "../../replication/ensure-standby.ts";
import { joinServers, leaveServers, refuseForPrimary } from "../../replication/join-servers.ts";
import { replicationSettings } from "../../replication/replication-settings.ts";
import { readRoles } from "../../replication/server-roles.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  number: z.int().min(1),
  port: z.int(),
  /** Of the first server. */
  firstPort: z.int(),
  poolerPort: z.int(),
  maxConnections: z.int(),
  cpu: z.number(),
  memoryMiB: z.number(),
  sharedBuffersMiB: z.int(),
  /** Log that the primary keeps for it while it is away, in MiB. */
  keepMiB: z.int().min(1),
});
type Inputs = z.infer<typeof inputs>;
export const postgresReplicaOutputs = z.object({ incarnation: z.string() });

/** Time for a fast shutdown, with its last restart point, in ms. */
const stopTimeoutMs = 60_000;

const life = supervisedProcess<Inputs>({ name: ({ number }) => serverName(number), stopTimeoutMs, start });

/**
 * A further database server: a copy of the primary that follows it, or the primary itself after a switch. As a follower it
 * is disposable and its data goes with it; as the primary it goes only with its environment.
 */
export const postgresReplica: ResourceHandler<Inputs, z.infer<typeof postgresReplicaOutputs>> = {
  inputs,
  replacedBy: ["number", "port"],
  ignored: [],
  ...life,
  async create(wanted, say) {
    try {
      return await life.create(wanted, say);
    } catch (error) {
      // No state knows of it, so nobody else would remove its copy, its slot and its role; one that is not ours goes on.
      if (!isSupervised(wanted)) await leaveServers(wanted.paths, wanted).catch((left: unknown) => say(String(left)));
      throw error;
    }
  },
  async observe(state) {
    const settings = settingsOf(state, state.number);
    const files = await Promise.all(configFiles(settings).map(([path, content]) => compareFile(path, content)));
    return [
      ...(await compareService(state.paths, definitionOf(settings), [state.port])),
      ...files.flat(),
      ...(await compareRunning(settings)),
    ];
  },
  async remove(state, say) {
    await refuseForPrimary(state.paths, state.number);
    await life.remove(state, say);
    if (!isSupervised(state)) await leaveServers(state.paths, state);
  },
};

function isSupervised({ paths, number }: Pick<Inputs, "paths" | "number">): boolean {
  return existsSync(join(paths.services, serverName(number)));
}

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const { paths, number } = wanted;
  const roles = await joinServers(paths, wanted);
  const settings = settingsOf(wanted, number);
  if (isSupervised(wanted)) await changePlan(settings, incarnation);
  const isPrimary = roles.primary === number;
  await startServer(settings, incarnation, async () => (isPrimary ? undefined : prepareNewStandby(paths, number)));
  if (!isPrimary) await ensureStandby(paths, number);
}

async function compareRunning(settings: ServerSettings): Promise<readonly Difference[]> {
  const { admin, number, paths } = settings;
  if (!(await answers(admin))) return compare("connections", "taken", "none");
  const roles = readRoles(paths);
  const own = roles === undefined ? {} : replicationSettings(paths, roles, number);
  return asAdmin(admin, "postgres", (client) => compareSettings(client, own));
}
