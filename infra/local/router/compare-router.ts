import { compareFile } from "../observation/compare-file.ts";
import { compareService } from "../observation/compare-service.ts";
import { compare, type Difference } from "../observation/difference.ts";
import { cdnState } from "./change-cdn.ts";
import {
  backendName,
  canaryBackendName,
  canaryShareVariable,
  routerConfig,
  type RouterBackend,
} from "./router-config.ts";
import { needsReload, routerService, type RouterSettings } from "./router-process.ts";
import { liveServers, routerVariable } from "./runtime-api.ts";

/** The router against its plan: process, file, and the configuration and servers that it runs with. */
export async function compareRouter(settings: RouterSettings): Promise<readonly Difference[]> {
  const { config } = settings;
  return [
    ...(await compareService(settings.paths, routerService(settings), portsOf(settings))),
    ...(await compareFile(settings.file, routerConfig(config))),
    ...(await compareLive(settings).catch(() => compare("runtime socket", "an answer", "none"))),
  ];
}

function portsOf({ config: { port, metricsPort, cdn } }: RouterSettings): readonly number[] {
  return cdn === undefined ? [port, metricsPort] : [port, metricsPort, cdn.originPort];
}

async function compareLive(settings: RouterSettings): Promise<readonly Difference[]> {
  const { socket } = settings;
  const { backends, canary, cdn } = settings.config;
  const stale = await needsReload(settings);
  const share = await routerVariable(socket, canaryShareVariable);
  const edge = cdn && (await cdnState(socket));
  return [
    ...compare("configuration in force", "that of its file", stale ? "another" : "that of its file"),
    ...(await compareServers(socket, backendName, backends)),
    ...(await compareServers(socket, canaryBackendName, canary === undefined ? [] : [canary.server])),
    ...(cdn === undefined ? [] : compare("way by the CDN", cdn.inUse ? "UP" : "MAINT", edge?.status ?? "gone")),
    ...compare("share of the canary", `${canary?.sharePercent ?? 0}%`, `${share ?? 0}%`),
  ];
}

async function compareServers(
  socket: string,
  backend: string,
  wanted: readonly RouterBackend[],
): Promise<readonly Difference[]> {
  const servers = await liveServers(socket, backend);
  const unknown = servers.filter(({ name }) => !wanted.some((one) => one.name === name));
  return [
    ...wanted.flatMap(({ name }) =>
      compare(`server ${name}`, "UP", servers.find((one) => one.name === name)?.status ?? "gone"),
    ),
    ...unknown.flatMap(({ name }) => compare(`server ${name}`, "none", "takes requests")),
  ];
}
