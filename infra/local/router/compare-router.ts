import { compareFile } from "../observation/compare-file.ts";
import { compareService } from "../observation/compare-service.ts";
import { compare, type Difference } from "../observation/difference.ts";
import { cdnState } from "./change-cdn.ts";
import { backendName, routerConfig } from "./router-config.ts";
import { needsReload, routerService, type RouterSettings } from "./router-process.ts";
import { liveServers } from "./runtime-api.ts";

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
  const stale = await needsReload(settings);
  const servers = await liveServers(settings.socket, backendName);
  const { backends, cdn } = settings.config;
  const edge = cdn && (await cdnState(settings.socket));
  const unknown = servers.filter(({ name }) => !backends.some((backend) => backend.name === name));
  return [
    ...compare("configuration in force", "that of its file", stale ? "another" : "that of its file"),
    ...backends.flatMap(({ name }) =>
      compare(`server ${name}`, "UP", servers.find((one) => one.name === name)?.status ?? "gone"),
    ),
    ...(cdn === undefined ? [] : compare("way by the CDN", cdn.inUse ? "UP" : "MAINT", edge?.status ?? "gone")),
    ...unknown.flatMap(({ name }) => compare(`server ${name}`, "none", "takes requests")),
  ];
}
