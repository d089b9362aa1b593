import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { ResourceHandler } from "../../local/provider/resource-handler.ts";
import { standIn } from "../stand-in.ts";

const inputs = z.strictObject({
  /** Where the shop's name leads. */
  entrance: z.string(),
  /** Time after which nobody comes in by the one before. */
  seconds: z.int().positive(),
});
type Inputs = z.infer<typeof inputs>;
export const settlingOutputs = z.object({});

/**
 * The time that resolvers and open connections keep the former entrance, as a resource of the graph: it depends on the
 * record, and what an update deletes goes after everything that it changes. In a rehearsal nobody keeps anything.
 */
export const settling: ResourceHandler<Inputs, object> = {
  inputs,
  replacedBy: [],
  ignored: ["seconds"],
  // A new name is kept by nobody.
  create: async () => ({ id: "settling", outputs: {} }),
  async update({ entrance, seconds }, _before, say) {
    if (standIn(process.env) !== undefined) return {};
    say(`the shop's name leads to the ${entrance}; the former entrance stays open for ${seconds} s more`);
    await delay(seconds * 1_000);
    return {};
  },
  exists: async () => true,
  observe: async () => [],
  remove: async () => undefined,
};
