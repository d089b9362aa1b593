import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HostError } from "../host/host-error.ts";
import { applyLimits, processGroup } from "../host/cgroup.ts";
import { osUser } from "../host/os-users.ts";
import { poll } from "../host/poll.ts";
import type { ProcessIdentity } from "../host/process-identity.ts";
import { program } from "../host/programs.ts";
import { ensureFolder, writeFileAtomic } from "../host/write-file.ts";
import { poolerPoolSize } from "../../topology/connection-budget.ts";
import { askConsole } from "../pgbouncer/pooler-console.ts";
import { withPause } from "../pgbouncer/with-pause.ts";
import { readRoles } from "../replication/server-roles.ts";
import { withLock } from "../replication/with-lock.ts";
import { control, serviceState } from "../supervision/service-control.ts";
import type { ServiceDefinition } from "../supervision/service-definition.ts";
import { ensureService } from "../supervision/service-folder.ts";
import { tailLog } from "../supervision/service-log.ts";
import { waitForHealth } from "../supervision/wait-for-health.ts";
import { answers, asAdmin } from "./admin-connection.ts";
import { accessRules, identityMap, serverConfig } from "./database-config.ts";
import { initialiseCluster } from "./initialise.ts";
import type { ServerSettings } from "./server-settings.ts";

/** Recovery after a crash replays at most max_wal_size of log. */
const startTimeoutMs = 60_000;

/** Makes the data when there is none, starts the server or adopts a running one, and waits until it answers. */
export async function startServer(
  settings: ServerSettings,
  incarnation: string,
  prepareData: () => Promise<unknown> = () => initialiseCluster(settings.data),
): Promise<void> {
  const owner = osUser("postgres");
  await ensureFolder(settings.config.config, { mode: 0o700, owner });
  await ensureFolder(settings.admin.sockets, { mode: 0o755, owner });
  const changed = await writeConfig(settings);
  await prepareData();
  const { outcome, replaced } = await ensureService(settings.paths, definitionOf(settings), incarnation);
  await waitUntilAnswering(settings, replaced);
  if (outcome === "unchanged" && (changed || !(await isInForce(settings)))) await restart(settings);
}

/**
 * Puts a plan into force, unless it is: files, cgroup, a restart in place. What counts is what the server runs with, for a
 * killed change may have written the files and not restarted it. Behind a pooler no query fails; without one those of
 * the second that it takes do. Throws HostError `refused` when the pooler cannot be paused; then the old plan is in force.
 */
export async function changePlan(settings: ServerSettings, incarnation: string): Promise<void> {
  if (await isInForce(settings)) {
    await ensureService(settings.paths, definitionOf(settings), incarnation);
    return;
  }
  // While both plans may be in force the group must be large enough for either.
  const group = processGroup(settings.paths.root, settings.name);
  const grows = settings.limits.memoryMiB >= (await currentMemoryMiB(settings));
  if (grows) applyLimits(group, settings.limits);
  // What is written out now need not be while everybody waits.
  await asAdmin(settings.admin, "postgres", (client) => client.query("checkpoint")).catch(() => undefined);
  await holdingQueries(settings, async () => {
    await writeConfig(settings);
    await restart(settings);
    // The new plan may allow fewer connections than the pool had; PgBouncer's own file follows with its own update.
    await askConsole(
      settings.pooler,
      `SET default_pool_size = ${poolerPoolSize(settings.config.maxConnections)}`,
    ).catch(() => undefined);
  });
  await ensureService(settings.paths, definitionOf(settings), incarnation);
}

/** Nobody waits for the restart of a server that is not the primary; that of the primary must not look like its end. */
async function holdingQueries(settings: ServerSettings, restart: () => Promise<void>): Promise<void> {
  const roles = readRoles(settings.paths);
  if (roles === undefined) return withPause(settings.pooler, restart);
  if (roles.primary !== settings.number) return restart();
  return withLock(settings.paths, "roles", () => withPause(settings.pooler, restart));
}

/** Whether the files are as wanted and nothing in them waits for a restart. */
async function isInForce(settings: ServerSettings): Promise<boolean> {
  if (await configDiffers(settings)) return false;
  const waiting = await asAdmin(settings.admin, "postgres", (client) =>
    // A setting that a later file overrides is not applied either, and no error.
    client.query("select from pg_file_settings where not applied and error is not null"),
  ).catch(() => undefined);
  return waiting?.rowCount === 0;
}

/** The plan that is in force, as the server says it. */
async function currentMemoryMiB(settings: ServerSettings): Promise<number> {
  const found = await asAdmin(settings.admin, "postgres", (client) =>
    client.query<{ mib: string }>(
      "select pg_size_bytes(current_setting('effective_cache_size')) / 1048576 / 0.75 as mib",
    ),
  ).catch(() => undefined);
  return Number(found?.rows[0]?.mib ?? 0);
}

async function restart(settings: ServerSettings): Promise<void> {
  const folder = join(settings.paths.services, settings.name);
  const before = serviceState(folder).pid;
  await control(folder, "t");
  const restarted = await poll(
    () => {
      const { state, pid } = serviceState(folder);
      return (state === "up" && pid !== before) || undefined;
    },
    { timeoutMs: startTimeoutMs, intervalMs: 10 },
  );
  if (restarted === undefined)
    throw new HostError(
      "not-ready",
      `postgres did not shut down within ${startTimeoutMs / 1_000} s:\n${await tailLog(settings.paths, settings.name, 10)}`,
    );
  await waitUntilAnswering(settings);
}

function waitUntilAnswering(settings: ServerSettings, replaced?: ProcessIdentity): Promise<void> {
  return waitForHealth({
    paths: settings.paths,
    name: settings.name,
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: () => answers(settings.admin),
  });
}

/** The server as a supervised process. */
export function definitionOf(settings: ServerSettings): ServiceDefinition {
  return {
    name: settings.name,
    component: settings.number === 0 ? "postgres" : "replica",
    command: [program("postgres"), "-D", settings.data, "-c", `config_file=${settings.config.config}/postgresql.conf`],
    user: osUser("postgres"),
    limits: settings.limits,
    // Fast shutdown: TERM would wait for every client to leave.
    stopSignal: "INT",
  };
}

/** True when anything differs from before. */
async function writeConfig(settings: ServerSettings): Promise<boolean> {
  if (!(await configDiffers(settings))) return false;
  for (const [path, content] of configFiles(settings))
    await writeFileAtomic(path, content, { mode: 0o600, owner: osUser("postgres") });
  return true;
}

async function configDiffers(settings: ServerSettings): Promise<boolean> {
  for (const [path, content] of configFiles(settings)) {
    if ((await readFile(path, "utf8").catch(() => undefined)) !== content) return true;
  }
  return false;
}

/** The server's configuration files with their content. */
export function configFiles({ config }: ServerSettings): readonly (readonly [path: string, content: string])[] {
  return [
    [join(config.config, "postgresql.conf"), serverConfig(config)],
    [join(config.config, "pg_hba.conf"), accessRules(config.replicated)],
    [join(config.config, "pg_ident.conf"), identityMap(config)],
  ];
}
