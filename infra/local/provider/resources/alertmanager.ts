import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { osUser } from "../../host/os-users.ts";
import { program } from "../../host/programs.ts";
import { ensureFolder, writeFileAtomic } from "../../host/write-file.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import { smtpUser } from "../../mail-sink/sink-config.ts";
import { alertmanagerConfig } from "../../monitoring/alertmanager-config.ts";
import { isReady } from "../../monitoring/ask-prometheus.ts";
import { removeService } from "../../supervision/remove-service.ts";
import { control } from "../../supervision/service-control.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import type { ResourceHandler } from "../resource-handler.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  port: z.int(),
  smtpPort: z.int(),
  smtpPassword: z.string().min(16),
  from: z.string(),
  to: z.string(),
});
type Inputs = z.infer<typeof inputs>;
export const alertmanagerOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 15_000;
const stopTimeoutMs = 5_000;

/** Alertmanager, which tells the operator by mail. */
export const alertmanager: ResourceHandler<Inputs, z.infer<typeof alertmanagerOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  async create(wanted) {
    const incarnation = randomUUID();
    try {
      await start(wanted, incarnation);
    } catch (error) {
      await removeService(wanted.paths, processNames.alertmanager, { stopTimeoutMs, incarnation });
      throw error;
    }
    return { id: `${wanted.paths.root}/alertmanager`, outputs: { incarnation } };
  },
  async update(wanted, { incarnation }) {
    await start(wanted, incarnation);
    return { incarnation };
  },
  exists: async ({ paths }) => existsSync(join(paths.services, processNames.alertmanager)),
  remove: ({ paths, incarnation }) => removeService(paths, processNames.alertmanager, { stopTimeoutMs, incarnation }),
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const { paths, port } = wanted;
  const { config, alertmanagerData } = componentPlaces(paths).monitoring;
  const user = osUser("prometheus");
  await ensureFolder(config, { mode: 0o700, owner: user });
  await ensureFolder(alertmanagerData, { mode: 0o700, owner: user });
  const file = join(config, "alertmanager.yml");
  await writeFileAtomic(file, alertmanagerConfig({ ...wanted, smtpUser }), { mode: 0o600, owner: user });
  const outcome = await ensureService(
    paths,
    {
      name: processNames.alertmanager,
      component: "alertmanager",
      command: [
        program("prometheus-alertmanager"),
        `--config.file=${file}`,
        `--storage.path=${alertmanagerData}`,
        `--web.listen-address=127.0.0.1:${port}`,
        // One alone: it needs nobody to gossip with.
        "--cluster.listen-address=",
      ],
      user,
    },
    incarnation,
  );
  if (outcome === "unchanged") await control(join(paths.services, processNames.alertmanager), "h");
  await waitForHealth({
    paths,
    name: processNames.alertmanager,
    timeoutMs: startTimeoutMs,
    isHealthy: () => isReady(port),
  });
}
