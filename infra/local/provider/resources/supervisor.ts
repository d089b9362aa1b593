import { mkdir, readdir } from "node:fs/promises";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import type { PathPlan } from "../../../environment/environment.ts";
import { osUser } from "../../host/os-users.ts";
import { ensureFolder } from "../../host/write-file.ts";
import { componentPlaces } from "../../layout.ts";
import { removeService } from "../../supervision/remove-service.ts";
import { startSupervisor, stopSupervisor, supervisorPid } from "../../supervision/supervisor.ts";
import type { ResourceHandler } from "../resource-handler.ts";

const inputs = z.strictObject({ paths: pathPlanSchema });
type Inputs = z.infer<typeof inputs>;
export const supervisorOutputs = z.object({ startedPid: z.number() });

/** The environment's runsvdir: under it every process runs, outlives the CLI and comes back after a crash. */
export const supervisor: ResourceHandler<Inputs, z.infer<typeof supervisorOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  async create({ paths }) {
    await makeFolders(paths);
    return { id: paths.root, outputs: { startedPid: await startSupervisor(paths) } };
  },
  async update({ paths }) {
    await makeFolders(paths);
    return { startedPid: await startSupervisor(paths) };
  },
  exists: async ({ paths }) => supervisorPid(paths) !== undefined,
  // That it runs is all there is to it.
  observe: async () => [],
  async remove({ paths }) {
    // What its dependents left behind, e.g. after a killed run that no state knows of.
    const names = await readdir(paths.services).catch(() => []);
    const services = new Set(names.map((name) => name.replace(/^\.(gone|new)-/, "")));
    for (const name of services) await removeService(paths, name, { stopTimeoutMs: 10_000 });
    await stopSupervisor(paths);
  },
};

async function makeFolders(paths: PathPlan): Promise<void> {
  const { backups, ...open } = paths;
  for (const folder of Object.values(open)) await mkdir(folder, { recursive: true, mode: 0o755 });
  await ensureFolder(backups, { mode: 0o700, owner: osUser("postgres") });
  await ensureFolder(componentPlaces(paths).portClaims, { mode: 0o755 });
}
