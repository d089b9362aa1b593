import { z } from "zod";
import { EngineError, type OperationResult } from "../../infra/engine/engine.ts";
import { differenceSchema, type Difference } from "../../infra/local/observation/difference.ts";
import { lockHolder } from "../adapters/rollout-lock.ts";
import { readLeftovers } from "../adapters/sweep-orphans.ts";
import type { Session } from "../adapters/session.ts";
import type { Orphan } from "../../infra/target.ts";
import { runningTopology } from "./running-topology.ts";

/** A difference with the resource, or the thing that no resource owns, that it is about. */
export interface DriftFinding extends Difference {
  readonly resource: string;
}

/** What `drift --json` prints. */
export interface DriftReport {
  readonly schema: "shopctl.drift/1";
  readonly environment: string;
  readonly at: string;
  readonly verdict: "none" | "harmless" | "serious";
  /** Resources that were read. */
  readonly resources: number;
  /** Serious ones first. */
  readonly differences: readonly DriftFinding[];
  readonly nextActions: readonly string[];
}

/**
 * Reads every resource as it is, by a refresh that changes nothing, and looks for what no resource owns. Throws
 * EngineError `locked` while a run is at work, for then nothing is as it will be.
 */
export async function driftReport(session: Session): Promise<DriftReport> {
  const { name, paths } = session.environment;
  await runningTopology(session);
  const holder = await lockHolder(paths.root);
  if (holder?.alive === true)
    throw new EngineError("locked", `process ${holder.pid} (${holder.command}) is at work`, { holder });
  const engine = await session.engine();
  const refreshed = await engine.refresh(session.stack, { preview: true });
  const findings = [...refreshed.steps.flatMap(findingsOf), ...(await readLeftovers(session)).map(leftover)];
  const differences = findings.toSorted((a, b) => Number(a.harm === "harmless") - Number(b.harm === "harmless"));
  const serious = differences.some(({ harm }) => harm === "serious");
  return {
    schema: "shopctl.drift/1",
    environment: name,
    at: new Date().toISOString(),
    verdict: serious ? "serious" : differences.length > 0 ? "harmless" : "none",
    resources: Object.values(refreshed.changes).reduce((sum, count) => sum + count, 0),
    differences,
    nextActions: serious ? [`shopctl logs --env ${name}`, `shopctl recover --env ${name} --dry-run`] : [],
  };
}

const foundSchema = z.object({ differences: z.array(differenceSchema).default([]) });

function findingsOf({
  operation,
  name,
  changedKeys,
  found,
}: OperationResult["steps"][number]): readonly DriftFinding[] {
  if (operation === "delete")
    return [{ resource: name, what: "resource", expected: "there", found: "gone", harm: "serious" }];
  const { differences } = foundSchema.parse(found ?? {});
  const others = changedKeys.filter((key) => key !== "differences");
  return [
    ...differences.map((difference) => ({ resource: name, ...difference })),
    ...others.map((key): DriftFinding => ({
      resource: name,
      what: key,
      expected: "as in the state",
      found: "another value",
      harm: "serious",
    })),
  ];
}

/** What runs unknown to the stack may take its place or its memory; what merely lies around does nothing. */
function leftover({ kind, name }: Orphan): DriftFinding {
  const runs = kind === "service" || kind === "process" || kind === "router-server";
  return {
    resource: `${kind} ${name}`,
    what: kind,
    expected: "none",
    found: name,
    harm: runs ? "serious" : "harmless",
  };
}
