import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import { poll } from "../host/poll.ts";
import { isSameProcess, type ProcessIdentity } from "../host/process-identity.ts";
import { serviceState } from "./service-control.ts";
import { tailLog } from "./service-log.ts";

export interface HealthWait {
  readonly paths: PathPlan;
  readonly name: string;
  /** Includes the time that the replaced one takes to end. */
  readonly timeoutMs: number;
  /** The process that ends for this one (`ServiceOutcome`): its health is not what is asked for. */
  readonly replaced: ProcessIdentity | undefined;
  /** Added to the error, e.g. what was left untouched. */
  readonly consequence?: string;
  readonly isHealthy: () => Promise<boolean>;
}

/** A process that died this often before it was ever healthy will not become so by waiting. */
const deathsUntilHopeless = 3;

/** Waits until a process runs and is healthy. Throws HostError `not-ready` with the last lines of its log. */
export async function waitForHealth(wait: HealthWait): Promise<void> {
  const folder = join(wait.paths.services, wait.name);
  const pids = new Set<number>();
  const outcome = await poll<"healthy" | "hopeless">(
    async () => {
      const { pid } = serviceState(folder);
      if (pid === wait.replaced?.pid && wait.replaced !== undefined && isSameProcess(wait.replaced)) return undefined;
      if (pid !== undefined) pids.add(pid);
      if (pids.size > deathsUntilHopeless) return "hopeless";
      // Something else could answer at its address; ours must run, too.
      return pid !== undefined && (await wait.isHealthy()) && serviceState(folder).pid === pid ? "healthy" : undefined;
    },
    { timeoutMs: wait.timeoutMs, intervalMs: 25 },
  );
  if (outcome === "healthy") return;
  const why =
    outcome === "hopeless"
      ? `ended again and again as soon as it was started`
      : `was not healthy within ${wait.timeoutMs / 1_000} s`;
  const log = await tailLog(wait.paths, wait.name, 15);
  throw new HostError(
    "not-ready",
    `${wait.name} ${why}${wait.consequence === undefined ? "" : `; ${wait.consequence}`}. Its log ends:\n${log}`,
  );
}
