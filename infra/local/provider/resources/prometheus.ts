import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { HostError } from "../../host/host-error.ts";
import { osUser } from "../../host/os-users.ts";
import { poll } from "../../host/poll.ts";
import { program } from "../../host/programs.ts";
import { ensureFolder, writeFileAtomic } from "../../host/write-file.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import { isReady, lastReload, prometheusTargets } from "../../monitoring/ask-prometheus.ts";
import { prometheusConfig } from "../../monitoring/prometheus-config.ts";
import { compareFile } from "../../observation/compare-file.ts";
import { compareService } from "../../observation/compare-service.ts";
import { control } from "../../supervision/service-control.ts";
import type { ServiceDefinition } from "../../supervision/service-definition.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { tailLog } from "../../supervision/service-log.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  environment: z.string(),
  port: z.int(),
  alertmanagerPort: z.int(),
  targets: z.array(z.strictObject({ job: z.string(), instance: z.string(), port: z.int() })).min(1),
  /** Text of the rules' file. */
  rules: z.string(),
  retentionDays: z.int().min(1),
  retentionGiB: z.number().positive(),
});
type Inputs = z.infer<typeof inputs>;
export const prometheusOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 30_000;
const stopTimeoutMs = 20_000;
const reloadTimeoutMs = 10_000;

/**
 * Prometheus, which scrapes everything of the environment and evaluates the alerts. New targets are a reload. What it
 * measured stays when it goes, as all data does until the environment is destroyed.
 */
export const prometheus: ResourceHandler<Inputs, z.infer<typeof prometheusOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...supervisedProcess<Inputs>({ name: () => processNames.prometheus, stopTimeoutMs, start }),
  async observe({ incarnation: _own, ...wanted }) {
    const files = await Promise.all(configFiles(wanted).map(([path, content]) => compareFile(path, content)));
    return [...(await compareService(wanted.paths, definitionOf(wanted), [wanted.port])), ...files.flat()];
  },
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const { paths, port } = wanted;
  const definition = definitionOf(wanted);
  await writeConfig(wanted);
  await ensureFolder(componentPlaces(paths).monitoring.prometheusData, { mode: 0o700, owner: definition.user });
  const { outcome, replaced } = await ensureService(paths, definition, incarnation);
  if (outcome === "unchanged") await reload(wanted);
  await waitForHealth({
    paths,
    name: processNames.prometheus,
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: async () => (await isReady(port)) && (await scrapesExactly(port, wanted.targets)),
  });
}

function definitionOf({ paths, port, retentionDays, retentionGiB }: Inputs): ServiceDefinition {
  const { config, prometheusData } = componentPlaces(paths).monitoring;
  return {
    name: processNames.prometheus,
    component: "prometheus",
    command: [
      program("prometheus"),
      `--config.file=${join(config, "prometheus.yml")}`,
      `--storage.tsdb.path=${prometheusData}`,
      `--storage.tsdb.retention.time=${retentionDays}d`,
      `--storage.tsdb.retention.size=${Math.round(retentionGiB * 1_024)}MB`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--web.console.templates=${config}`,
      `--web.console.libraries=${config}`,
    ],
    user: osUser("prometheus"),
  };
}

/** Throws HostError `refused` when it does not take the configuration; then it goes on with the one it had. */
async function reload({ paths, port }: Inputs): Promise<void> {
  const before = await lastReload(port);
  await control(join(paths.services, processNames.prometheus), "h");
  const taken = await poll(
    async () => {
      const now = await lastReload(port);
      // Where the reload before was refused, its verdict stands until this one has been tried.
      if (!now.ok) return before.ok ? "refused" : undefined;
      // Its clock has seconds: a second reload within one may keep the time.
      return now.succeededAt > before.succeededAt ? "taken" : undefined;
    },
    { timeoutMs: reloadTimeoutMs, intervalMs: 100 },
  );
  if (taken === "taken" || (taken === undefined && (await lastReload(port)).ok)) return;
  const log = await tailLog(paths, processNames.prometheus, 5);
  throw new HostError("refused", `Prometheus does not take its new configuration and keeps the old one:\n${log}`);
}

async function scrapesExactly(port: number, targets: Inputs["targets"]): Promise<boolean> {
  const name = ({ job, instance }: { job: string; instance: string }): string => `${job}/${instance}`;
  const found = (await prometheusTargets(port)).map(name).toSorted();
  return found.join() === targets.map(name).toSorted().join();
}

async function writeConfig(wanted: Inputs): Promise<void> {
  const owner = osUser("prometheus");
  await ensureFolder(componentPlaces(wanted.paths).monitoring.config, { mode: 0o700, owner });
  for (const [path, content] of configFiles(wanted)) await writeFileAtomic(path, content, { mode: 0o600, owner });
}

function configFiles(wanted: Inputs): readonly (readonly [path: string, content: string])[] {
  const { config } = componentPlaces(wanted.paths).monitoring;
  const rulesFile = join(config, "rules.yml");
  return [
    [rulesFile, wanted.rules],
    [join(config, "prometheus.yml"), prometheusConfig({ ...wanted, rulesFile })],
  ];
}
