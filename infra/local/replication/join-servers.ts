import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import { answers, type AdminTarget } from "../postgres/admin-connection.ts";
import { ensureAccessRules } from "../postgres/ensure-access-rules.ts";
import { control } from "../supervision/service-control.ts";
import { databaseServer, serverOf } from "./database-server.ts";
import { ensurePrimary } from "./ensure-primary.ts";
import { clearReplicationSettings, reload } from "./replication-settings.ts";
import { dropSlot } from "./replication-slots.ts";
import { readRoles, removeRoles, writeRoles, type ServerRoles } from "./server-roles.ts";
import { holdLock, isLocked, withLock } from "./with-lock.ts";

export interface JoiningServer {
  readonly number: number;
  readonly port: number;
  /** Of the first server. */
  readonly firstPort: number;
  readonly keepMiB: number;
}

/** Lets the primary know of another server: from here on it keeps log for it and lets it in. A second time is fine. */
export async function joinServers(paths: PathPlan, server: JoiningServer): Promise<ServerRoles> {
  const { number, port, firstPort, keepMiB } = server;
  return withLock(paths, "roles", async () => {
    const before: ServerRoles = readRoles(paths) ?? {
      term: 0,
      primary: 0,
      servers: [{ number: 0, port: firstPort }],
      mode: "asynchronous",
      exempt: [],
      keepMiB,
    };
    const isNew = !before.servers.some((known) => known.number === number);
    // No commit waits for it before it follows.
    const roles = isNew
      ? { ...before, servers: [...before.servers, { number, port }], exempt: [...before.exempt, number] }
      : before;
    await writeRoles(paths, roles);
    await ensureAccessRules(paths);
    await ensurePrimary(paths, roles);
    return roles;
  });
}

/** Throws HostError `refused` for the primary: a server that has the shop's data goes only with its environment. */
export async function refuseForPrimary(paths: PathPlan, number: number): Promise<void> {
  if (readRoles(paths)?.primary !== number || (await isLocked(paths, "condemned"))) return;
  throw new HostError(
    "refused",
    `server ${number} is the primary: it is not removed; \`shopctl recover\` takes that up`,
  );
}

/** Lets every server be removed, the primary too, for as long as this process lives. */
export async function condemnServers(paths: PathPlan): Promise<void> {
  if (readRoles(paths) !== undefined) await holdLock(paths, "condemned");
}

/**
 * Removes what is left of a stopped follower: its data too, for the primary has all of it. Throws HostError `refused` for
 * the primary.
 */
export async function leaveServers(paths: PathPlan, leaving: Omit<JoiningServer, "keepMiB">): Promise<void> {
  const { number, firstPort } = leaving;
  await withLock(paths, "roles", async () => {
    await refuseForPrimary(paths, number);
    // Also when the roles are gone already: without them the slot has no limit, and nobody else would drop it.
    const primary = databaseServer(paths, { number: 0, port: firstPort }, 0).admin;
    await unlessDown(primary, () => dropSlot(primary, number));
    const roles = readRoles(paths);
    if (roles !== undefined) {
      const servers = roles.servers.filter((server) => server.number !== number);
      const left = { ...roles, servers, exempt: roles.exempt.filter((exempt) => exempt !== number) };
      await writeRoles(paths, left);
      // No resource of theirs need be there yet that would end them.
      if (servers.length === 1) await endRoles(paths, left);
    }
    const { name, data, config, admin } = databaseServer(paths, leaving, 0);
    for (const folder of [data, `${data}.replaced`, join(paths.data, `.new-${name}`), config, admin.sockets])
      await rm(folder, { recursive: true, force: true });
  });
}

/** One server alone again, which is the first one as it was made. Does nothing while it has been the primary not always. */
export async function endReplication(paths: PathPlan): Promise<void> {
  await withLock(paths, "roles", async () => {
    const roles = readRoles(paths);
    if (roles !== undefined) await endRoles(paths, roles);
  });
}

async function endRoles(paths: PathPlan, roles: ServerRoles): Promise<void> {
  if (roles.term > 0) return;
  const first = serverOf(paths, roles, 0);
  await clearReplicationSettings(first);
  await unlessDown(first.admin, () => reload(first));
  // One that is still starting does not answer, and has read the settings of before.
  await control(first.service, "h");
  await unlessDown(first.admin, () => ensureAccessRules(paths, false));
  // Last: to the run after a kill they say that there is something to do.
  await removeRoles(paths);
}

/** What a server that is down cannot be told is no reason to stop: its environment may be going, too. */
async function unlessDown(server: AdminTarget, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (await answers(server)) throw error;
  }
}
