import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { indexesReportSchema, queryPlanSchema, type IndexesReport } from "../../../../service/contract/query-plans.ts";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { writeFileAtomic } from "../../host/write-file.ts";
import { componentPlaces } from "../../layout.ts";
import { compare } from "../../observation/difference.ts";
import { answers, type AdminTarget } from "../../postgres/admin-connection.ts";
import { observeIndexes } from "../../postgres/observe-indexes.ts";
import { hasIndexes, runIndexes } from "../../release/run-indexes.ts";
import { findShopRelease } from "../../release/shop-release.ts";
import type { ResourceHandler, Say } from "../resource-handler.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  port: z.int(),
  releaseFolder: z.string(),
  /** Indexes that there should be; the release's program builds what is missing of them. */
  names: z.array(z.string()),
});
type Inputs = z.infer<typeof inputs>;
type Plans = IndexesReport["plans"];
export const indexesOutputs = z.object({ plans: z.array(queryPlanSchema) });

/**
 * The indexes of the step `database-indexes`, built beside the traffic. A build that was cut off is done again: what is
 * valid stays, what is invalid is removed first.
 */
export const indexes: ResourceHandler<Inputs, z.infer<typeof indexesOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: ["releaseFolder"],
  create: async (wanted, say) => ({ id: "indexes", outputs: { plans: await build(wanted, say) } }),
  update: async (wanted, _before, say) => ({ plans: await build(wanted, say) }),
  exists: async (state) => (await observeIndexes(databaseOf(state))).length > 0,
  async observe(state) {
    const found = new Map((await observeIndexes(databaseOf(state))).map(({ name, valid }) => [name, valid]));
    const stateOf = (name: string): string =>
      found.has(name) ? (found.get(name) === true ? "valid" : "invalid") : "missing";
    return state.names.flatMap((name) => compare(`index ${name}`, "valid", stateOf(name)));
  },
  async remove(state, say) {
    await rm(beforeFile(state), { force: true });
    const releaseFolder = releaseOf(state);
    // A database that is gone, or a release from before there were indexes, has none to drop.
    if (releaseFolder === undefined || !(await answers(databaseOf(state)))) return;
    await runIndexes("drop", { releaseFolder, database: databaseOf(state) }, say);
  },
};

async function build(wanted: Inputs, say: Say): Promise<z.infer<typeof indexesOutputs>["plans"]> {
  const run = async (verb: "explain" | "build"): Promise<Plans> => {
    const of = { releaseFolder: wanted.releaseFolder, database: databaseOf(wanted) };
    return indexesReportSchema.parse(JSON.parse(await runIndexes(verb, of, say))).plans;
  };
  // Kept before anything is built: whoever takes a killed run over is asked for them.
  const before = await keepBefore(wanted, await run("explain"));
  const earlier = new Map(before.map(({ query, plan }) => [query, plan]));
  return (await run("build")).map(({ query, plan }) => {
    const was = earlier.get(query);
    return { query, after: plan, ...(was === undefined ? {} : { before: was }) };
  });
}

/** Adds the plans of queries without their index to those that earlier runs saw, which had fewer indexes. */
async function keepBefore(wanted: Inputs, plans: Plans): Promise<Plans> {
  const file = beforeFile(wanted);
  const kept = await readBefore(file);
  const known = new Set(kept.map(({ query }) => query));
  const all = [...kept, ...plans.filter(({ query }) => !known.has(query))];
  await mkdir(wanted.paths.run, { recursive: true });
  await writeFileAtomic(file, JSON.stringify(all), { mode: 0o600 });
  return all;
}

async function readBefore(file: string): Promise<Plans> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return [];
  return indexesReportSchema.shape.plans.parse(JSON.parse(text));
}

function beforeFile({ paths }: Pick<Inputs, "paths">): string {
  return join(paths.run, "plans-before-indexes.json");
}

/** Its own release may have been replaced since. */
function releaseOf({ releaseFolder, paths }: Inputs): string | undefined {
  return [releaseFolder, findShopRelease(paths.releases)].find((folder) => folder !== undefined && hasIndexes(folder));
}

function databaseOf({ paths, port }: Inputs): AdminTarget {
  return { sockets: componentPlaces(paths).postgres.sockets, port };
}
