import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { commandOf } from "../../host/process-identity.ts";
import { osUser } from "../../host/os-users.ts";
import { program } from "../../host/programs.ts";
import { componentPlaces } from "../../layout.ts";
import { compareService } from "../../observation/compare-service.ts";
import { adminUrl } from "../../postgres/admin-connection.ts";
import { serviceState } from "../../supervision/service-control.ts";
import type { ServiceDefinition } from "../../supervision/service-definition.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  databasePort: z.int(),
  releaseFolder: z.string(),
  /** Name of the process. */
  name: z.string(),
  /** Time of the day, local time. */
  hour: z.int().min(0).max(23),
  minute: z.int().min(0).max(59),
  /** Tasks of the release, one after the other. */
  tasks: z.array(z.string()).min(1),
});
type Inputs = z.infer<typeof inputs>;
export const taskScheduleOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 10_000;
/** A batch that is under way may finish; what is left is for the next night. */
const stopTimeoutMs = 10_000;

/** Tasks of the release that run every day: snooze waits for the time, becomes the tasks, and runit starts snooze again. */
export const taskSchedule: ResourceHandler<Inputs, z.infer<typeof taskScheduleOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...supervisedProcess<Inputs>({ name: ({ name }) => name, stopTimeoutMs, start }),
  observe: (state) => compareService(state.paths, definitionOf(state), []),
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const { paths, name } = wanted;
  const { replaced } = await ensureService(paths, definitionOf(wanted), incarnation);
  await waitForHealth({
    paths,
    name,
    timeoutMs: startTimeoutMs,
    replaced,
    // The process has become snooze: its account and environment were fine.
    isHealthy: async () => {
      const { pid } = serviceState(join(paths.services, name));
      return pid !== undefined && commandOf(pid)[0] === program("snooze");
    },
  });
}

function definitionOf({ paths, databasePort, releaseFolder, name, hour, minute, tasks }: Inputs): ServiceDefinition {
  const task = [join(releaseFolder, "node"), join(releaseFolder, "task.js"), ...tasks];
  return {
    name,
    component: "task-schedule",
    command: [program("snooze"), "-H", String(hour), "-M", String(minute), ...task],
    user: osUser("postgres"),
    variables: {
      SHOP_TASK_URL: adminUrl({ sockets: componentPlaces(paths).postgres.sockets, port: databasePort }, "shop"),
    },
  };
}
