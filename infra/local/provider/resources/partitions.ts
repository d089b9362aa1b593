import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { componentPlaces } from "../../layout.ts";
import { compare } from "../../observation/difference.ts";
import type { AdminTarget } from "../../postgres/admin-connection.ts";
import { isLaidOut, observePartitions } from "../../postgres/observe-partitions.ts";
import { layoutTasks, runTasks } from "../../release/run-task.ts";
import type { ResourceHandler, Say } from "../resource-handler.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  port: z.int(),
  releaseFolder: z.string(),
  partitioning: z.enum(["none", "partitioned"]),
});
type Inputs = z.infer<typeof inputs>;
export const partitionsOutputs = z.object({});

/**
 * How the tables are laid out that grow with every login. It stands in every stack, so that either way is an update, which
 * the engine finishes when it was cut off.
 */
export const partitions: ResourceHandler<Inputs, z.infer<typeof partitionsOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: ["releaseFolder"],
  async create(wanted, say) {
    await settle(wanted, say);
    return { id: "partitions", outputs: {} };
  },
  async update(wanted, _before, say) {
    await settle(wanted, say);
    return {};
  },
  exists: async () => true,
  async observe(state) {
    const found = await observePartitions(databaseOf(state));
    const wanted = state.partitioning === "partitioned" ? "partitioned" : "one table";
    return [
      ...compare("layout of login attempts", wanted, found.attempts > 0 ? "partitioned" : "one table"),
      ...compare("layout of sessions", wanted, found.sessions > 0 ? "partitioned" : "one table"),
      ...compare("half-moved tables", "none", found.halfMade.length === 0 ? "none" : found.halfMade.join(", ")),
      ...(state.partitioning === "none" || found.monthsAhead > 0
        ? []
        : compare("partition of the next month", "there", "missing")),
    ];
  },
  // The rows stay as they are laid out: it goes only with the environment.
  remove: async () => undefined,
};

async function settle(wanted: Inputs, say: Say): Promise<void> {
  const { releaseFolder, partitioning } = wanted;
  const database = databaseOf(wanted);
  if (isLaidOut(await observePartitions(database), partitioning)) return;
  await runTasks(layoutTasks[partitioning], { releaseFolder, database }, say);
}

function databaseOf({ paths, port }: Inputs): AdminTarget {
  return { sockets: componentPlaces(paths).postgres.sockets, port };
}
