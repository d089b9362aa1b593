import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import type { FaultSinkEnvironment } from "../../fault-sink/sink-config.ts";
import { osUser } from "../../host/os-users.ts";
import { ensureFolder } from "../../host/write-file.ts";
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
  releaseFolder: z.string(),
  key: z.string().min(16),
});
type Inputs = z.infer<typeof inputs>;
export const faultSinkOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 15_000;
const stopTimeoutMs = 5_000;

/** Stands in for Sentry: takes the shop's faults as it does and keeps the last of them. */
export const faultSink: ResourceHandler<Inputs, z.infer<typeof faultSinkOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...supervisedProcess<Inputs>({ name: () => processNames.faultSink, stopTimeoutMs, start }),
  observe: ({ incarnation: _own, ...wanted }) => compareService(wanted.paths, definitionOf(wanted), [wanted.port]),
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const definition = definitionOf(wanted);
  await ensureFolder(componentPlaces(wanted.paths).faultSink.data, { mode: 0o750, owner: definition.user });
  const { replaced } = await ensureService(wanted.paths, definition, incarnation);
  await waitForHealth({
    paths: wanted.paths,
    name: processNames.faultSink,
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: () => answersOk(`http://127.0.0.1:${wanted.port}/healthz`),
  });
}

function definitionOf(wanted: Inputs): ServiceDefinition {
  const variables: Record<keyof FaultSinkEnvironment, string> = {
    FAULT_SINK_PORT: String(wanted.port),
    FAULT_SINK_DATA: componentPlaces(wanted.paths).faultSink.data,
    FAULT_SINK_KEY: wanted.key,
  };
  return {
    name: processNames.faultSink,
    component: "fault-sink",
    command: [join(wanted.releaseFolder, "node"), join(wanted.releaseFolder, "index.js")],
    user: osUser("shopctl"),
    variables,
  };
}
