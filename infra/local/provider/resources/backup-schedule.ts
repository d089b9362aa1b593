import { basename, join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import type { PathPlan } from "../../../environment/environment.ts";
import { commandOf, isSameProcess, type ProcessIdentity } from "../../host/process-identity.ts";
import { osUser } from "../../host/os-users.ts";
import { program } from "../../host/programs.ts";
import { ensureFolder } from "../../host/write-file.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import { serviceState } from "../../supervision/service-control.ts";
import type { ServiceDefinition } from "../../supervision/service-definition.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import { compareService } from "../../observation/compare-service.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  databasePort: z.int(),
  releaseFolder: z.string(),
  /** Hour of the day, local time. */
  hour: z.int().min(0).max(23),
});
type Inputs = z.infer<typeof inputs>;
export const backupScheduleOutputs = z.object({ incarnation: z.string() });

const backupProgram = "index.js";
const startTimeoutMs = 10_000;
/** A dump that runs may finish when its schedule goes, if it does so soon. */
const stopTimeoutMs = 10_000;

/** The nightly backup: snooze waits for the hour, becomes the backup, and runit starts snooze again. */
export const backupSchedule: ResourceHandler<Inputs, z.infer<typeof backupScheduleOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...supervisedProcess<Inputs>({ name: () => processNames.backupSchedule, stopTimeoutMs, start }),
  observe: (state) => compareService(state.paths, definitionOf(state), []),
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  await ensureFolder(wanted.paths.backups, { mode: 0o700, owner: osUser("postgres") });
  const { replaced } = await ensureService(wanted.paths, definitionOf(wanted), incarnation);
  await waitForHealth({
    paths: wanted.paths,
    name: processNames.backupSchedule,
    timeoutMs: startTimeoutMs,
    // A backup that is made goes on, however long it takes.
    replaced: undefined,
    isHealthy: async () => isAtWork(wanted.paths, replaced),
  });
}

/** The process has become snooze: its account and environment were fine; or it is the schedule of before's backup still. */
function isAtWork(paths: PathPlan, replaced: ProcessIdentity | undefined): boolean {
  const { pid } = serviceState(join(paths.services, processNames.backupSchedule));
  if (pid === undefined) return false;
  const [command, argument = ""] = commandOf(pid);
  if (command !== program("snooze")) return basename(argument) === backupProgram;
  return replaced?.pid !== pid || !isSameProcess(replaced);
}

function definitionOf(wanted: Inputs): ServiceDefinition {
  const backup = [join(wanted.releaseFolder, "node"), join(wanted.releaseFolder, backupProgram)];
  return {
    name: processNames.backupSchedule,
    component: "backup-schedule",
    command: [program("snooze"), "-H", String(wanted.hour), "-M", "0", ...backup],
    user: osUser("postgres"),
    variables: {
      BACKUP_SOCKETS: componentPlaces(wanted.paths).postgres.sockets,
      BACKUP_PORT: String(wanted.databasePort),
      BACKUP_FOLDER: wanted.paths.backups,
    },
  };
}
