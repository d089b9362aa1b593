import { compareFile } from "../observation/compare-file.ts";
import { compareService } from "../observation/compare-service.ts";
import { compare, type Difference } from "../observation/difference.ts";
import { backendName, routerConfig } from "./router-config.ts";
import { needsReload, routerService, type RouterSettings } from "./router-process.ts";
import { liveServers } from "./runtime-api.ts";

/** The router against its plan: process, file, and the configuration and servers that it runs with. */
export async function compareRouter(settings: RouterSettings): Promise<readonly Difference[]> {
  const { config } = settings;
  return [
    ...(await compareService(settings.paths, routerService(settings), [config.port, config.metricsPort])),
    ...(await compareFile(settings.file, routerConfig(config))),
    ...(await compareLive(settings).catch(() => compare("runtime socket", "an answer", "none"))),
  ];
}

async function compareLive(settings: RouterSettings): Promise<readonly Difference[]> {
  const stale = await needsReload(settings);
  const servers = await liveServers(settings.socket, backendName);
  const { backends } = settings.config;
  const unknown = servers.filter(({ name }) => !backends.some((backend) => backend.name === name));
  return [
    ...compare("configuration in force", "that of its file", stale ? "another" : "that of its file"),
    ...backends.flatMap(({ name }) =>
      compare(`server ${name}`, "UP", servers.find((one) => one.name === name)?.status ?? "gone"),
    ),
    ...unknown.flatMap(({ name }) => compare(`server ${name}`, "none", "takes requests")),
  ];
}
