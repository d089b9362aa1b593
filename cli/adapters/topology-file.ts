import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { baseline, topologySchema, type Topology } from "../../infra/topology/topology.ts";
import { steps } from "../phases/index.ts";
import { unmetNeeds } from "../planning/prerequisites.ts";
import { FailureError } from "../errors/failure.ts";

/** Reads a topology from YAML or JSON; fields that it leaves out are the baseline's, unknown ones are refused. */
export async function readTopologyFile(file: string): Promise<Topology> {
  let content: unknown;
  try {
    content = parse(await readFile(file, "utf8"));
  } catch (error) {
    throw badTopology(file, [error instanceof Error ? error.message : String(error)]);
  }
  const parsed = topologySchema.partial().safeParse(content ?? {});
  if (parsed.success) return topologySchema.parse({ ...baseline, ...parsed.data });
  throw badTopology(file, z.prettifyError(parsed.error).split("\n"));
}

/** The same for an environment that is to run it: a step's result without what the step needs would not start. */
export async function readRunnableTopology(file: string): Promise<Topology> {
  const topology = await readTopologyFile(file);
  const issues = steps.flatMap((step) => {
    const unmet = step.isDone(topology) ? unmetNeeds(step, topology) : undefined;
    return unmet?.kind === "blocked" ? unmet.by.map((need) => `${step.id} needs ${need.step}: ${need.because}`) : [];
  });
  if (issues.length > 0) throw badTopology(file, issues);
  return topology;
}

function badTopology(file: string, issues: readonly string[]): FailureError {
  return new FailureError({ code: "bad-topology", file, issues });
}
