import { z } from "zod";
import { queryTimeSchema } from "../../../../service/contract/query-times.ts";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { componentPlaces } from "../../layout.ts";
import { runQueries } from "../../release/run-queries.ts";
import type { ResourceHandler, Say } from "../resource-handler.ts";

const inputs = z.strictObject({ paths: pathPlanSchema, port: z.int(), releaseFolder: z.string() });
type Inputs = z.infer<typeof inputs>;
export const queriesOutputs = z.object({ times: z.array(queryTimeSchema) });

/**
 * What the optimised form of the shop's queries saves, measured when the instances begin to send it. The functions are the
 * schema's, and which form is sent the instances' own: there is nothing here to observe or to remove.
 */
export const queries: ResourceHandler<Inputs, z.infer<typeof queriesOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: ["releaseFolder"],
  create: async (wanted, say) => ({ id: "queries", outputs: await measure(wanted, say) }),
  update: async (wanted, _before, say) => measure(wanted, say),
  exists: async () => true,
  observe: async () => [],
  remove: async () => undefined,
};

async function measure({ paths, port, releaseFolder }: Inputs, say: Say): Promise<z.infer<typeof queriesOutputs>> {
  const database = { sockets: componentPlaces(paths).postgres.sockets, port };
  try {
    return { times: [...(await runQueries({ releaseFolder, database }, say))] };
  } catch (error) {
    // What it saves is for people to read; the instances that are to send it do not depend on the measurement.
    say(`not measured: ${error instanceof Error ? error.message : String(error)}`);
    return { times: [] };
  }
}
