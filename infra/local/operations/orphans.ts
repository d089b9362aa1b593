import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { StateResource } from "../../engine/engine.ts";
import type { LocalEnvironment, PathPlan } from "../../environment/environment.ts";
import type { Orphan } from "../../target.ts";
import { groupProcesses, listGroups, removeGroup } from "../host/cgroup.ts";
import { poll } from "../host/poll.ts";
import {
  commandOf,
  identify,
  isSameProcess,
  parentOf,
  processesInside,
  signalProcess,
  type ProcessIdentity,
} from "../host/process-identity.ts";
import { dropInvalidIndex, findInvalidIndexes } from "./invalid-indexes.ts";
import { componentPlaces, processNames } from "../layout.ts";
import { removeRelease } from "../release/install-release.ts";
import { isKept } from "../release/kept-releases.ts";
import { dropAbandonedSlots, findAbandonedSlots } from "../replication/abandoned-slots.ts";
import { backendNames } from "../router/router-config.ts";
import { askRouter, liveServers } from "../router/runtime-api.ts";
import { portOwners, releasePorts } from "../supervision/port-claims.ts";
import { removeService } from "../supervision/remove-service.ts";
import { supervisorPid } from "../supervision/supervisor.ts";

const stopTimeoutMs = 10_000;

/** What runs or lies around in an environment beside the resources of its state; meant for when no update is running. */
export async function findOrphans(
  environment: LocalEnvironment,
  resources: readonly StateResource[],
): Promise<readonly Orphan[]> {
  const { paths } = environment;
  const owned = ownedServices(resources);
  const services = listFolder(paths.services)
    .map((name) => name.replace(/^\.(gone|new)-/, ""))
    .filter((name) => !owned.has(name));
  const { socket } = componentPlaces(paths).router;
  const servers = (
    await Promise.all(backendNames.map((backend) => liveServers(socket, backend).catch(() => [])))
  ).flat();
  const groups = listGroups(paths.root).filter((group) => !owned.has(group.split("/").at(-1) ?? ""));
  const claims = (await portOwners(componentPlaces(paths).portClaims)).filter((owner) => !owned.has(owner));
  const releases = listFolder(paths.releases).filter(
    (name) => !name.startsWith(".") && !ownedReleases(resources).has(name) && !isKept(paths.releases, name),
  );
  return [
    ...[...new Set(services)].map((name): Orphan => ({ kind: "service", name })),
    ...servers.filter((server) => !owned.has(server.name)).map(({ name }): Orphan => ({ kind: "router-server", name })),
    ...identitiesOf(strayProcesses(paths, resources)).map(({ pid, startTicks }): Orphan => ({
      kind: "process",
      name: String(pid),
      startTicks,
    })),
    ...groups.map((name): Orphan => ({ kind: "cgroup", name })),
    ...claims.map((name): Orphan => ({ kind: "ports", name })),
    ...releases.map((name): Orphan => ({ kind: "release", name })),
    ...(await findInvalidIndexes(environment)).map((name): Orphan => ({ kind: "index", name })),
    ...(await findAbandonedSlots(paths, environment.ports.postgres)).map((name): Orphan => ({ kind: "slot", name })),
  ];
}

/** Removes what `findOrphans` found: routes first, so that nothing is sent to what stops. */
export async function removeOrphans(environment: LocalEnvironment, orphans: readonly Orphan[]): Promise<void> {
  const { paths } = environment;
  const order: readonly Orphan["kind"][] = [
    "router-server",
    "service",
    "process",
    "cgroup",
    "ports",
    "release",
    "index",
    "slot",
  ];
  for (const { kind, name, startTicks } of orphans.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))) {
    if (kind === "router-server") await removeServer(componentPlaces(paths).router.socket, name);
    if (kind === "service") await removeService(paths, name, { stopTimeoutMs });
    if (kind === "process" && startTicks !== undefined) await endProcess({ pid: Number(name), startTicks });
    if (kind === "cgroup") await removeGroupOf(name);
    if (kind === "ports") await releasePorts(componentPlaces(paths).portClaims, name);
    if (kind === "index") await dropInvalidIndex(environment, name);
    if (kind === "slot") await dropAbandonedSlots(paths, environment.ports.postgres);
    if (kind === "release") await removeOrphanRelease(paths, name);
  }
}

/** Ends every process that belongs to a folder. */
export async function endProcessesInside(folder: string): Promise<void> {
  await Promise.all(identitiesOf(processesInside(folder)).map(endProcess));
}

/** Service folders that a resource stands for; those pending deletion too, for the next update removes them. */
/** Types of which there can be several, each with the name of its process at the end of its id. */
const namedByInputs: ReadonlySet<string> = new Set(
  ["ServiceInstance", "Exporter", "PostgresReplica", "TaskSchedule"].map((type) => `shopctl:local:${type}`),
);

function ownedServices(resources: readonly StateResource[]): ReadonlySet<string> {
  const single: Readonly<Record<string, string>> = {
    "shopctl:local:PostgresServer": processNames.postgres,
    "shopctl:local:PgBouncer": processNames.pgbouncer,
    "shopctl:local:Redis": processNames.redis,
    "shopctl:local:QueueRedis": processNames.queueRedis,
    "shopctl:local:MailWorker": processNames.mailWorker,
    "shopctl:local:Router": processNames.router,
    "shopctl:local:Cdn": processNames.cdn,
    "shopctl:local:CdnControl": processNames.cdnControl,
    "shopctl:local:FaultSink": processNames.faultSink,
    "shopctl:local:MailSink": processNames.mailSink,
    "shopctl:local:BackupSchedule": processNames.backupSchedule,
    "shopctl:local:Prometheus": processNames.prometheus,
    "shopctl:local:Alertmanager": processNames.alertmanager,
    "shopctl:local:ReplicationGuard": processNames.replicationGuard,
  };
  return new Set(
    resources.flatMap(({ type, id }) => (namedByInputs.has(type) ? basename(id ?? "") : (single[type] ?? []))),
  );
}

function ownedReleases(resources: readonly StateResource[]): ReadonlySet<string> {
  return new Set(resources.flatMap(({ type, id }) => (type === "shopctl:local:Release" ? (id ?? []) : [])));
}

/** Processes of the environment that neither its supervisor nor the runsv of an owned service looks after. */
function strayProcesses(paths: PathPlan, resources: readonly StateResource[]): number[] {
  const owned = ownedServices(resources);
  const supervisor = resources.some((resource) => resource.type === "shopctl:local:Supervisor")
    ? supervisorPid(paths)
    : undefined;
  const inside = processesInside(paths.root);
  // Should runsvdir have been killed, its runsv live on and so do their services: those are not strays.
  const keepers = inside.filter((pid) => pid === supervisor || owned.has(commandOf(pid)[1] ?? ""));
  return inside.filter((pid) => !isUnder(pid, new Set(keepers)));
}

/** Whether a process descends from one of `ancestors`. */
function isUnder(pid: number, ancestors: ReadonlySet<number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parentOf(at)) {
    if (ancestors.has(at)) return true;
  }
  return false;
}

async function removeServer(socket: string, name: string): Promise<void> {
  for (const backend of backendNames) {
    await askRouter(socket, `set server ${backend}/${name} state maint`);
    await poll(
      async () =>
        /deleted|No such server|No such backend/i.test(await askRouter(socket, `del server ${backend}/${name}`))
          ? true
          : undefined,
      { timeoutMs: 10_000, intervalMs: 50 },
    );
  }
}

async function removeGroupOf(group: string): Promise<void> {
  for (const each of identitiesOf(groupProcesses(group))) await endProcess(each);
  removeGroup(group);
}

async function removeOrphanRelease(paths: PathPlan, hash: string): Promise<void> {
  await removeRelease(paths.releases, hash);
  await rm(join(paths.releases, `.owner-${hash}`), { force: true });
}

function identitiesOf(pids: readonly number[]): readonly ProcessIdentity[] {
  return pids.flatMap((pid) => identify(pid) ?? []);
}

async function endProcess(orphan: ProcessIdentity): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    signalProcess(orphan, signal);
    const gone = await poll(() => (isSameProcess(orphan) ? undefined : true), { timeoutMs: 5_000, intervalMs: 20 });
    if (gone !== undefined) return;
  }
}

function listFolder(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
