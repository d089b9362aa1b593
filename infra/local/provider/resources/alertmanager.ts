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
import { compareFile } from "../../observation/compare-file.ts";
import { compareService } from "../../observation/compare-service.ts";
import { control } from "../../supervision/service-control.ts";
import type { ServiceDefinition } from "../../supervision/service-definition.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";

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
  ...supervisedProcess<Inputs>({ name: () => processNames.alertmanager, stopTimeoutMs, start }),
  async observe({ incarnation: _own, ...wanted }) {
    const service = await compareService(wanted.paths, definitionOf(wanted), [wanted.port]);
    return [...service, ...(await compareFile(configFile(wanted), configText(wanted)))];
  },
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const { paths, port } = wanted;
  const { config, alertmanagerData } = componentPlaces(paths).monitoring;
  const definition = definitionOf(wanted);
  const owner = definition.user;
  await ensureFolder(config, { mode: 0o700, owner });
  await ensureFolder(alertmanagerData, { mode: 0o700, owner });
  await writeFileAtomic(configFile(wanted), configText(wanted), { mode: 0o600, owner });
  const { outcome, replaced } = await ensureService(paths, definition, incarnation);
  if (outcome === "unchanged") await control(join(paths.services, processNames.alertmanager), "h");
  await waitForHealth({
    paths,
    name: processNames.alertmanager,
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: () => isReady(port),
  });
}

function definitionOf(wanted: Inputs): ServiceDefinition {
  return {
    name: processNames.alertmanager,
    component: "alertmanager",
    command: [
      program("prometheus-alertmanager"),
      `--config.file=${configFile(wanted)}`,
      `--storage.path=${componentPlaces(wanted.paths).monitoring.alertmanagerData}`,
      `--web.listen-address=127.0.0.1:${wanted.port}`,
      // One alone: it needs nobody to gossip with.
      "--cluster.listen-address=",
    ],
    user: osUser("prometheus"),
  };
}

function configFile({ paths }: Inputs): string {
  return join(componentPlaces(paths).monitoring.config, "alertmanager.yml");
}

function configText(wanted: Inputs): string {
  return alertmanagerConfig({ ...wanted, smtpUser });
}
