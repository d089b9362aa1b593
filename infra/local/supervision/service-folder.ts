import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { renameDurably } from "../../engine/write-durably.ts";
import type { PathPlan } from "../../environment/environment.ts";
import { applyLimits, processGroup } from "../host/cgroup.ts";
import { HostError } from "../host/host-error.ts";
import { poll } from "../host/poll.ts";
import { identify, type ProcessIdentity } from "../host/process-identity.ts";
import { ensureFolder, writeFileAtomic } from "../host/write-file.ts";
import { control, isSupervised, serviceState } from "./service-control.ts";
import type { ServiceDefinition, ServiceRecord } from "./service-definition.ts";
import { digestOf, serviceRecordSchema } from "./service-definition.ts";
import { logScript, runScript, stopScript } from "./service-scripts.ts";
import { rescan } from "./supervisor.ts";
import { writeVariables } from "./write-variables.ts";

export interface ServiceOutcome {
  /** `unchanged`: it ran with this very definition; `restarted`: it ran with another. */
  readonly outcome: "started" | "unchanged" | "restarted";
  /** The process that was told to end for the one that is wanted; it may go on for a while, and answer. */
  readonly replaced: ProcessIdentity | undefined;
}

/**
 * Makes a process supervised as defined: starts it, adopts one that an earlier run left with the same definition, or
 * restarts one whose definition differs. Returns when runit has it, not when it is healthy.
 */
export async function ensureService(
  paths: PathPlan,
  definition: ServiceDefinition,
  incarnation: string,
): Promise<ServiceOutcome> {
  const folder = join(paths.services, definition.name);
  const before = readServiceRecord(folder);
  const record: ServiceRecord = { ...recordOf(definition), incarnation };
  const same = before?.digest === record.digest;
  await ensureFolder(join(paths.logs, definition.name), { mode: 0o750, owner: definition.user });
  if (before === undefined) {
    const draft = join(paths.services, `.new-${definition.name}`);
    await rm(draft, { recursive: true, force: true });
    await writeService(draft, definition, paths);
    await writeRecord(draft, record);
    await rm(folder, { recursive: true, force: true });
    await renameDurably(draft, folder);
  } else {
    // From here on it may run with either definition: a run after a kill must restart it, whichever it wants.
    if (!same) await writeRecord(folder, { ...before, digest: "" });
    await writeService(folder, definition, paths);
  }
  await waitForSupervision(paths, folder);
  const running = serviceState(folder).pid;
  const replaced = before === undefined || same || running === undefined ? undefined : identify(running);
  await control(folder, before === undefined || same ? "u" : "t");
  if (before !== undefined && !same) await control(folder, "u");
  // Last, so that a run killed before the restart is seen as not done.
  if (before !== undefined) await writeRecord(folder, record);
  return { outcome: before === undefined ? "started" : same ? "unchanged" : "restarted", replaced };
}

/** The record of a service folder, or undefined when there is none or it is half written. */
export function readServiceRecord(folder: string): ServiceRecord | undefined {
  try {
    return serviceRecordSchema.parse(JSON.parse(readFileSync(join(folder, "definition.json"), "utf8")));
  } catch {
    return undefined;
  }
}

function recordOf(definition: ServiceDefinition): Omit<ServiceRecord, "incarnation"> {
  const { name, component, limits, facts } = definition;
  return { name, component, ...(limits && { limits }), ...(facts && { facts }), digest: digestOf(definition) };
}

async function writeService(folder: string, definition: ServiceDefinition, paths: PathPlan): Promise<void> {
  const groups =
    definition.limits === undefined ? [] : applyLimits(processGroup(paths.root, definition.name), definition.limits);
  await mkdir(join(folder, "log"), { recursive: true, mode: 0o755 });
  await writeVariables(folder, definition.variables ?? {});
  if (definition.stopSignal !== undefined) {
    await mkdir(join(folder, "control"), { recursive: true, mode: 0o755 });
    await writeFileAtomic(join(folder, "control", "t"), stopScript(definition.stopSignal), { mode: 0o755 });
  }
  await writeFileAtomic(join(folder, "log", "run"), logScript(definition, join(paths.logs, definition.name)), {
    mode: 0o755,
  });
  await writeFileAtomic(join(folder, "run"), runScript(definition, groups), { mode: 0o755 });
}

async function writeRecord(folder: string, record: ServiceRecord): Promise<void> {
  await writeFileAtomic(join(folder, "definition.json"), `${JSON.stringify(record)}\n`, { mode: 0o644 });
}

async function waitForSupervision(paths: PathPlan, folder: string): Promise<void> {
  rescan(paths);
  let asked = performance.now();
  const supervised = await poll(
    async () => {
      if (performance.now() - asked > 300) {
        rescan(paths);
        asked = performance.now();
      }
      return (existsSync(folder) && (await isSupervised(folder))) || undefined;
    },
    { timeoutMs: 15_000, intervalMs: 15 },
  );
  if (supervised === undefined) {
    throw new HostError(
      "not-ready",
      `runit does not take up ${folder}; is its supervisor running? After a reboot \`shopctl recover\` starts it`,
    );
  }
}
