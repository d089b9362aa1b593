import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import { osUser } from "../host/os-users.ts";
import { poll } from "../host/poll.ts";
import { program } from "../host/programs.ts";
import { runCommand } from "../host/run-command.ts";
import { ensureFolder, writeFileAtomic } from "../host/write-file.ts";
import { processNames } from "../layout.ts";
import { serviceState } from "../supervision/service-control.ts";
import type { ServiceDefinition } from "../supervision/service-definition.ts";
import { ensureService } from "../supervision/service-folder.ts";
import { waitForHealth } from "../supervision/wait-for-health.ts";
import type { RouterConfig } from "./router-config.ts";
import { fixedPartHash, routerConfig } from "./router-config.ts";
import { askRouter } from "./runtime-api.ts";

export interface RouterSettings {
  readonly paths: PathPlan;
  readonly file: string;
  readonly configFolder: string;
  readonly run: string;
  readonly socket: string;
  readonly config: RouterConfig;
}

const startTimeoutMs = 10_000;
const reloadTimeoutMs = 10_000;

/** Starts HAProxy on its present configuration file, or adopts it, and waits until it takes connections. */
export async function startRouter(settings: RouterSettings, incarnation: string): Promise<void> {
  const definition = routerService(settings);
  await ensureFolder(settings.run, { mode: 0o700, owner: definition.user });
  const { replaced } = await ensureService(settings.paths, definition, incarnation);
  await waitForHealth({
    paths: settings.paths,
    name: processNames.router,
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: async () => (await workerPid(settings)) !== undefined,
  });
}

/** HAProxy as a supervised process. */
export function routerService({ file }: RouterSettings): ServiceDefinition {
  const command: [string, ...string[]] = [program("haproxy"), "-W", "-f", file];
  return { name: processNames.router, component: "router", command, user: osUser("haproxy") };
}

/** Writes the configuration, after HAProxy itself has checked it. */
export async function writeRouterConfig(settings: RouterSettings): Promise<void> {
  const owner = osUser("haproxy");
  await ensureFolder(settings.configFolder, { mode: 0o700, owner });
  const draft = `${settings.file}.draft`;
  await writeFileAtomic(draft, routerConfig(settings.config), { mode: 0o600, owner });
  try {
    await runCommand(program("haproxy"), ["-c", "-q", "-f", draft], { user: owner, timeoutMs: 10_000 });
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await rename(draft, settings.file);
}

/** Whether the running HAProxy has another configuration, its servers aside, so that only a reload puts the file into force. */
export async function needsReload(settings: RouterSettings): Promise<boolean> {
  const info = await askRouter(settings.socket, "show info");
  return /^description: (\S*)$/im.exec(info)?.[1] !== fixedPartHash(settings.config);
}

/** Seamless reload: the master starts a new worker, which takes the listening sockets over from the old one. */
export async function reloadRouter(settings: RouterSettings): Promise<void> {
  const before = await workerPid(settings);
  const { pid } = serviceState(join(settings.paths.services, processNames.router));
  if (pid === undefined) return; // It starts with the new file by itself.
  process.kill(pid, "SIGUSR2");
  const reloaded = await poll(
    async () => {
      const now = await workerPid(settings);
      return (now !== undefined && now !== before) || undefined;
    },
    { timeoutMs: reloadTimeoutMs, intervalMs: 25 },
  );
  if (reloaded === undefined)
    throw new HostError(
      "not-ready",
      "the router did not take its new configuration up; it still runs with the old one",
    );
}

async function workerPid(settings: RouterSettings): Promise<number | undefined> {
  const info = await askRouter(settings.socket, "show info").catch(() => "");
  const pid = /^Pid: (\d+)$/m.exec(info)?.[1];
  return pid === undefined ? undefined : Number(pid);
}
