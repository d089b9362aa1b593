import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { componentPlaces } from "../../layout.ts";
import { compare } from "../../observation/difference.ts";
import type { AdminTarget } from "../../postgres/admin-connection.ts";
import { observeAttempts } from "../../postgres/observe-attempts.ts";
import { archiveTasks, runTasks } from "../../release/run-task.ts";
import type { ResourceHandler, Say } from "../resource-handler.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  port: z.int(),
  releaseFolder: z.string(),
  archiving: z.enum(["none", "daily"]),
  /** What the release clears away, by the names of its tasks; run once when archiving begins. */
  tasks: z.array(z.string()),
});
type Inputs = z.infer<typeof inputs>;
export const archiveOutputs = z.object({});

/**
 * Whether old rows lie in the tables or out of them. It stands in every stack, so that either way is an update, which
 * the engine finishes when it was cut off; moved rows would otherwise come back whenever an environment is destroyed.
 */
export const archive: ResourceHandler<Inputs, z.infer<typeof archiveOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: ["releaseFolder", "tasks"],
  async create(wanted, say) {
    await settle(wanted, say);
    return { id: "archive", outputs: {} };
  },
  async update(wanted, _before, say) {
    await settle(wanted, say);
    return {};
  },
  exists: async () => true,
  async observe(state) {
    const { overdue, archiveBytes } = await observeAttempts(databaseOf(state));
    return state.archiving === "daily"
      ? compare("old login attempts", "in the archive", overdue ? "in their table" : "in the archive")
      : compare("archive of login attempts", "empty", archiveBytes === 0 ? "empty" : "holds rows");
  },
  // The rows stay where they are: it goes only with the environment.
  remove: async () => undefined,
};

async function settle(wanted: Inputs, say: Say): Promise<void> {
  const { releaseFolder } = wanted;
  const database = databaseOf(wanted);
  if (wanted.archiving === "daily") return await runTasks(wanted.tasks, { releaseFolder, database }, say);
  if ((await observeAttempts(database)).archiveBytes === 0) return;
  await runTasks(archiveTasks.none, { releaseFolder, database }, say);
}

function databaseOf({ paths, port }: Inputs): AdminTarget {
  return { sockets: componentPlaces(paths).postgres.sockets, port };
}
