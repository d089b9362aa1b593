import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { osUser } from "../host/os-users.ts";
import { quotedPath } from "../host/quoted-path.ts";
import { writeFileAtomic } from "../host/write-file.ts";
import { asAdmin, questionTimeoutMs } from "../postgres/admin-connection.ts";
import { databaseServer, primaryAddress, serverOf, type DatabaseServer } from "./database-server.ts";
import { standbysOf, type ServerRoles } from "./server-roles.ts";

/** Kept even for a server whose slot a new primary does not have yet, in MiB. */
const keepAfterSwitchMiB = 64;
/** Longest time that a read holds replay back: a replica that lags more is left out anyway. */
const maxReplayDelayMs = 1_000;

/**
 * Before a follower that lost its primary looks for it again. A promotion that comes meanwhile may be seen only then: of 60
 * planned switches on busy cores two took Postgres' 5 s, with everybody waiting; with 500 ms the longest of 120 took 1.1 s.
 */
const retryIntervalMs = 200;

/** Name of a server as a follower: of its slot and of its connection. */
export function followerName(number: number): string {
  return `server_${number}`;
}

/** What a server needs to know of the others; the same whatever its role, so that a promotion changes nothing of it. */
export function replicationSettings(
  paths: PathPlan,
  roles: ServerRoles,
  number: number,
): Readonly<Record<string, string>> {
  const { sockets, port } = primaryAddress(paths, roles);
  const waitedFor = standbysOf(roles).filter((standby) => !roles.exempt.includes(standby));
  const own = serverOf(paths, roles, number).admin.sockets;
  return {
    primary_conninfo: `host=${quotedPath(sockets)} port=${port} user=postgres application_name=${followerName(number)}`,
    primary_slot_name: followerName(number),
    max_slot_wal_keep_size: `${roles.keepMiB}MB`,
    wal_keep_size: `${Math.min(keepAfterSwitchMiB, roles.keepMiB)}MB`,
    wal_retrieve_retry_interval: `${retryIntervalMs}ms`,
    max_standby_streaming_delay: `${maxReplayDelayMs}ms`,
    synchronous_standby_names:
      roles.mode === "asynchronous" || waitedFor.length === 0 || number !== roles.primary
        ? ""
        : `ANY 1 (${waitedFor.map(followerName).join(", ")})`,
    ...(own === databaseServer(paths, { number, port }, 0).admin.sockets ? {} : { unix_socket_directories: own }),
  };
}

/**
 * Writes them where Postgres keeps what changes at run time (`alter system`), so that a server's configuration file does
 * not depend on its role. A server that runs is told.
 */
export async function writeReplicationSettings(
  paths: PathPlan,
  roles: ServerRoles,
  number: number,
  data = serverOf(paths, roles, number).data,
): Promise<void> {
  await writeAutoConfig(data, replicationSettings(paths, roles, number));
}

/** Nothing of replication any more, from the next reload or start on; fine when the data is gone. */
export async function clearReplicationSettings(server: DatabaseServer): Promise<void> {
  if (existsSync(server.data)) await writeAutoConfig(server.data, {});
}

export async function reload(server: DatabaseServer): Promise<void> {
  await asAdmin(server.admin, "postgres", (client) => client.query("select pg_reload_conf()"), questionTimeoutMs);
}

/** Makes a server that starts a follower: one with this file takes no writes before it is promoted. */
export async function writeStandbySignal(data: string): Promise<void> {
  await writeFileAtomic(join(data, "standby.signal"), "", { mode: 0o600, owner: osUser("postgres") });
}

async function writeAutoConfig(data: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  await writeFileAtomic(join(data, "postgresql.auto.conf"), lines.join(""), { mode: 0o600, owner: osUser("postgres") });
}
