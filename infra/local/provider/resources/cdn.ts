import { existsSync } from "node:fs";
import { join } from "node:path";
import { rename, rm } from "node:fs/promises";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { cdnHealthPath, nginxConfig } from "../../cdn/nginx-config.ts";
import { osUser } from "../../host/os-users.ts";
import { program } from "../../host/programs.ts";
import { runCommand } from "../../host/run-command.ts";
import { ensureFolder, writeFileAtomic } from "../../host/write-file.ts";
import { componentPlaces, processNames } from "../../layout.ts";
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
  originPort: z.int(),
  logPort: z.int(),
});
type Inputs = z.infer<typeof inputs>;
export const cdnOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 10_000;
const stopTimeoutMs = 10_000;

/** nginx as the cache of a CDN. */
export const cdn: ResourceHandler<Inputs, z.infer<typeof cdnOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...supervisedProcess<Inputs>({ name: () => processNames.cdn, stopTimeoutMs, start }),
  async observe({ incarnation: _own, ...wanted }) {
    const service = await compareService(wanted.paths, definitionOf(wanted), [wanted.port]);
    return [...service, ...(await compareFile(configFile(wanted), configText(wanted)))];
  },
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const { paths, port } = wanted;
  const { config, run, cache } = componentPlaces(paths).cdn;
  const definition = definitionOf(wanted);
  // What an earlier one held is not given again.
  if (!existsSync(join(paths.services, processNames.cdn))) await rm(cache, { recursive: true, force: true });
  for (const folder of [config, run, cache]) await ensureFolder(folder, { mode: 0o700, owner: definition.user });
  await writeConfig(wanted);
  const { outcome, replaced } = await ensureService(paths, definition, incarnation);
  if (outcome === "unchanged") await control(join(paths.services, processNames.cdn), "h");
  await waitForHealth({
    paths,
    name: processNames.cdn,
    timeoutMs: startTimeoutMs,
    replaced,
    async isHealthy() {
      const response = await fetch(`http://127.0.0.1:${port}${cdnHealthPath}`, { signal: AbortSignal.timeout(2_000) });
      return response.status === 204;
    },
  });
}

/** Writes the configuration, after nginx itself has checked it. */
async function writeConfig(wanted: Inputs): Promise<void> {
  const owner = osUser("www-data");
  const file = configFile(wanted);
  const draft = `${file}.draft`;
  await writeFileAtomic(draft, configText(wanted), { mode: 0o600, owner });
  try {
    await runCommand(program("nginx"), ["-t", "-q", "-e", "stderr", "-c", draft], { user: owner, timeoutMs: 10_000 });
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await rename(draft, file);
}

function definitionOf(wanted: Inputs): ServiceDefinition {
  return {
    name: processNames.cdn,
    component: "cdn",
    command: [program("nginx"), "-e", "stderr", "-c", configFile(wanted)],
    user: osUser("www-data"),
    // What it is answering is answered first.
    stopSignal: "QUIT",
    endsLeftover: "nginx",
  };
}

function configFile({ paths }: Inputs): string {
  return join(componentPlaces(paths).cdn.config, "nginx.conf");
}

function configText(wanted: Inputs): string {
  return nginxConfig({ ...wanted, ...componentPlaces(wanted.paths).cdn });
}
