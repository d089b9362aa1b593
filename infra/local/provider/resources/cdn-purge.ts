import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { allAnswerPaths } from "../../../../service/contract/cdn.ts";
import { purgeCdn } from "../../cdn/purge-cdn.ts";
import type { ResourceHandler } from "../resource-handler.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  port: z.int(),
  /** Content hashes of the releases that serve: answers of others are purged. */
  release: z.string(),
  purgeKey: z.string().min(16),
});
type Inputs = z.infer<typeof inputs>;
export const cdnPurgeOutputs = z.object({});

/** A task: the CDN holds no answer of another release. Files keep their place, for their names carry their content. */
export const cdnPurge: ResourceHandler<Inputs, z.infer<typeof cdnPurgeOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: ["paths", "port", "purgeKey"],
  async create(wanted) {
    await purgeCdn(wanted.port, wanted.purgeKey, allAnswerPaths);
    return { id: "cdn-purge", outputs: {} };
  },
  async update(wanted) {
    await purgeCdn(wanted.port, wanted.purgeKey, allAnswerPaths);
    return {};
  },
  exists: () => Promise.resolve(true),
  observe: () => Promise.resolve([]),
  remove: () => Promise.resolve(),
};
