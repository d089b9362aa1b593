import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { indexesReportSchema, queryPlanSchema, type IndexesReport } from "../../../../service/contract/query-plans.ts";
import { pathPlanSchema } from "../../../environment/environment.ts";
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
    await runIndexes("drop", { releaseFolder, database: databaseOf(state) }, { say, onReport: () => undefined });
  },
};

async function build(wanted: Inputs, say: Say): Promise<z.infer<typeof indexesOutputs>["plans"]> {
  const { releaseFolder } = wanted;
  const reports: Partial<Record<IndexesReport["stage"], Plans>> = {};
  const onReport = (line: string): void => {
    const { stage, plans } = indexesReportSchema.parse(JSON.parse(line));
    // At once: a run that is killed in the middle of the build, or at its beginning, is asked for these by the one that takes over.
    reports[stage] = stage === "before" ? keepBefore(wanted, plans) : plans;
  };
  await runIndexes("build", { releaseFolder, database: databaseOf(wanted) }, { say, onReport });
  const { before = [], after = [] } = reports;
  const earlier = new Map(before.map(({ query, plan }) => [query, plan]));
  return after.map(({ query, plan }) => {
    const was = earlier.get(query);
    return { query, after: plan, ...(was === undefined ? {} : { before: was }) };
  });
}

/** Adds the plans of queries without their index to those that earlier runs saw, which had fewer indexes. */
function keepBefore(wanted: Inputs, plans: Plans): Plans {
  const file = beforeFile(wanted);
  const kept = readBefore(file);
  const known = new Set(kept.map(({ query }) => query));
  const all = [...kept, ...plans.filter(({ query }) => !known.has(query))];
  mkdirSync(wanted.paths.run, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(all), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return all;
}

function readBefore(file: string): Plans {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
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
