import { connect } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { osUser } from "../../host/os-users.ts";
import { ensureFolder } from "../../host/write-file.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import { smtpUser, statsPath } from "../../mail-sink/sink-config.ts";
import type { SinkEnvironment } from "../../mail-sink/sink-config.ts";
import type { ServiceDefinition } from "../../supervision/service-definition.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { answersOk } from "../../supervision/answers-ok.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import { compareService } from "../../observation/compare-service.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  smtpPort: z.int(),
  apiPort: z.int(),
  releaseFolder: z.string(),
  smtpPassword: z.string().min(16),
  apiKey: z.string().min(16),
  smtpPerDay: z.int(),
  apiPerMonth: z.int(),
});
type Inputs = z.infer<typeof inputs>;
export const mailSinkOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 15_000;
const stopTimeoutMs = 5_000;

/** Stands in for Gmail's SMTP and SendGrid's API: takes mail as they do, with their limits, and keeps it. */
export const mailSink: ResourceHandler<Inputs, z.infer<typeof mailSinkOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...supervisedProcess<Inputs>({ name: () => processNames.mailSink, stopTimeoutMs, start }),
  observe: (state) => compareService(state.paths, definitionOf(state), [state.smtpPort, state.apiPort]),
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const definition = definitionOf(wanted);
  await ensureFolder(componentPlaces(wanted.paths).mailSink.data, { mode: 0o750, owner: definition.user });
  const { replaced } = await ensureService(wanted.paths, definition, incarnation);
  await waitForHealth({
    paths: wanted.paths,
    name: processNames.mailSink,
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: async () =>
      (await answersOk(`http://127.0.0.1:${wanted.apiPort}${statsPath}`)) && (await greets(wanted.smtpPort)),
  });
}

function definitionOf(wanted: Inputs): ServiceDefinition {
  const variables: Record<keyof SinkEnvironment, string> = {
    SINK_SMTP_PORT: String(wanted.smtpPort),
    SINK_API_PORT: String(wanted.apiPort),
    SINK_DATA: componentPlaces(wanted.paths).mailSink.data,
    SINK_SMTP_USER: smtpUser,
    SINK_SMTP_PASSWORD: wanted.smtpPassword,
    SINK_API_KEY: wanted.apiKey,
    SINK_SMTP_PER_DAY: String(wanted.smtpPerDay),
    SINK_API_PER_MONTH: String(wanted.apiPerMonth),
  };
  return {
    name: processNames.mailSink,
    component: "mail-sink",
    command: [join(wanted.releaseFolder, "node"), join(wanted.releaseFolder, "index.js")],
    user: osUser("shopctl"),
    variables,
  };
}

/** Whether an SMTP server says hello. */
async function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 2_000 });
    const finish = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once("data", (data) => finish(data.toString().startsWith("220")));
    socket.once("error", () => finish(false));
    socket.once("timeout", () => finish(false));
  });
}
