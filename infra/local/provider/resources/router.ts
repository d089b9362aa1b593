import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import { needsReload, reloadRouter, startRouter, writeRouterConfig } from "../../router/router-process.ts";
import type { RouterSettings } from "../../router/router-process.ts";
import { backendName, canaryBackendName, canaryShareVariable } from "../../router/router-config.ts";
import { setRouterVariable } from "../../router/runtime-api.ts";
import { changeCdn } from "../../router/change-cdn.ts";
import { changeServers } from "../../router/change-servers.ts";
import { removeService } from "../../supervision/remove-service.ts";
import { compareRouter } from "../../router/compare-router.ts";
import type { ResourceHandler } from "../resource-handler.ts";

const server = z.strictObject({ name: z.string(), httpPort: z.int(), internalPort: z.int() });
const inputs = z.strictObject({
  paths: pathPlanSchema,
  port: z.int(),
  metricsPort: z.int(),
  servers: z.array(server).min(1),
  /** None, or an instance of the next release and its share of the requests. */
  canaries: z
    .array(z.strictObject({ server, sharePercent: z.int().min(1).max(99) }))
    .max(1)
    .default([]),
  drainTimeoutMs: z.int(),
  /** Undefined in the state of routers from before there was a CDN. */
  cdn: z.strictObject({ port: z.int(), originPort: z.int(), inUse: z.boolean() }).optional(),
});
type Inputs = z.infer<typeof inputs>;
export const routerOutputs = z.object({ url: z.string(), incarnation: z.string() });

const stopTimeoutMs = 5_000;

/** HAProxy before the instances. Its update returns when the servers that left have no request any more. */
export const router: ResourceHandler<Inputs, z.infer<typeof routerOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: ["drainTimeoutMs"],
  async create(wanted) {
    const incarnation = randomUUID();
    const settings = settingsOf(wanted);
    try {
      if (existsSync(join(wanted.paths.services, processNames.router))) await converge(settings, wanted, incarnation);
      else await writeRouterConfig(settings);
      await startRouter(settings, incarnation);
    } catch (error) {
      await removeService(wanted.paths, processNames.router, { stopTimeoutMs, incarnation });
      throw error;
    }
    return { id: `${wanted.paths.root}/router`, outputs: { url: urlOf(wanted), incarnation } };
  },
  async update(wanted, { incarnation }) {
    await converge(settingsOf(wanted), wanted, incarnation);
    return { url: urlOf(wanted), incarnation };
  },
  exists: async ({ paths }) => existsSync(join(paths.services, processNames.router)),
  observe: (state) => compareRouter(settingsOf(state)),
  remove: ({ paths, incarnation }) => removeService(paths, processNames.router, { stopTimeoutMs, incarnation }),
};

async function converge(settings: RouterSettings, wanted: Inputs, incarnation: string): Promise<void> {
  const { socket } = settings;
  const { drainTimeoutMs, canaries } = wanted;
  await startRouter(settings, incarnation);
  const onBothServing = (): Promise<void> => writeRouterConfig(settings);
  await changeServers({ socket, backend: backendName, wanted: wanted.servers, drainTimeoutMs, onBothServing });
  // First: one of before there were canaries has no backend for them.
  if (await needsReload(settings)) await reloadRouter(settings);
  await setRouterVariable(socket, canaryShareVariable, canaries[0]?.sharePercent ?? 0);
  await changeServers({
    socket,
    backend: canaryBackendName,
    wanted: canaries.map((one) => one.server),
    drainTimeoutMs,
    onBothServing,
  });
  if (wanted.cdn !== undefined) await changeCdn(socket, wanted.cdn.inUse, drainTimeoutMs);
}

function settingsOf(wanted: Inputs): RouterSettings {
  const { config, run, socket } = componentPlaces(wanted.paths).router;
  return {
    paths: wanted.paths,
    file: join(config, "haproxy.cfg"),
    configFolder: config,
    run,
    socket,
    config: {
      port: wanted.port,
      metricsPort: wanted.metricsPort,
      socket,
      backends: wanted.servers,
      canary: wanted.canaries[0],
      cdn: wanted.cdn,
    },
  };
}

function urlOf(wanted: Inputs): string {
  return `http://127.0.0.1:${wanted.port}`;
}
