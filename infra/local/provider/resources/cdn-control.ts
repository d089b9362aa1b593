import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import type { ControlEnvironment } from "../../cdn-control/control-config.ts";
import { osUser } from "../../host/os-users.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import { compareService } from "../../observation/compare-service.ts";
import type { ServiceDefinition } from "../../supervision/service-definition.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { answersOk } from "../../supervision/answers-ok.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  port: z.int(),
  logPort: z.int(),
  releaseFolder: z.string(),
  purgeKey: z.string().min(16),
});
type Inputs = z.infer<typeof inputs>;
export const cdnControlOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 15_000;
const stopTimeoutMs = 5_000;

/** Purges the CDN's cache and counts what it answers; the cache works without it. */
export const cdnControl: ResourceHandler<Inputs, z.infer<typeof cdnControlOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...supervisedProcess<Inputs>({ name: () => processNames.cdnControl, stopTimeoutMs, start }),
  observe: ({ incarnation: _own, ...wanted }) => compareService(wanted.paths, definitionOf(wanted), [wanted.port]),
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const { replaced } = await ensureService(wanted.paths, definitionOf(wanted), incarnation);
  await waitForHealth({
    paths: wanted.paths,
    name: processNames.cdnControl,
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: () => answersOk(`http://127.0.0.1:${wanted.port}/healthz`),
  });
}

function definitionOf(wanted: Inputs): ServiceDefinition {
  const variables: Record<keyof ControlEnvironment, string> = {
    CDN_CONTROL_PORT: String(wanted.port),
    CDN_LOG_PORT: String(wanted.logPort),
    CDN_CACHE: componentPlaces(wanted.paths).cdn.cache,
    CDN_PURGE_KEY: wanted.purgeKey,
  };
  return {
    name: processNames.cdnControl,
    component: "cdn-control",
    command: [join(wanted.releaseFolder, "node"), join(wanted.releaseFolder, "index.js")],
    // The cache's files are nginx's.
    user: osUser("www-data"),
    variables,
  };
}
