import { join } from "node:path";
import type { LocalEnvironment } from "../../environment/environment.ts";
import type { Observation } from "../../observation.ts";
import { findBackups } from "../backup/backup-files.ts";
import { componentPlaces, processNames } from "../layout.ts";
import { sinkStatsSchema, statsPath } from "../mail-sink/sink-config.ts";
import { alertReceivers, prometheusRules, prometheusTargets } from "../monitoring/ask-prometheus.ts";
import { askConsole } from "../pgbouncer/pooler-console.ts";
import { asAdmin } from "../postgres/admin-connection.ts";
import { observeIndexes } from "../postgres/observe-indexes.ts";
import { primaryAddress } from "../replication/database-server.ts";
import { followersOf } from "../replication/replication-slots.ts";
import { readRoles, standbysOf } from "../replication/server-roles.ts";
import { backendName, canaryBackendName } from "../router/router-config.ts";
import { observeAttempts } from "../postgres/observe-attempts.ts";
import { observePartitions } from "../postgres/observe-partitions.ts";
import type { LiveServer } from "../router/runtime-api.ts";
import { liveServers } from "../router/runtime-api.ts";
import { serviceState } from "../supervision/service-control.ts";

export async function observeRouter({ paths, ports }: LocalEnvironment): Promise<Observation["router"]> {
  const url = `http://127.0.0.1:${ports.router}`;
  const { socket } = componentPlaces(paths).router;
  const servers = await liveServers(socket, backendName).catch(() => undefined);
  const [canary] = await liveServers(socket, canaryBackendName).catch(() => []);
  return {
    url,
    up: servers !== undefined,
    servers: (servers ?? []).map(routerServer),
    ...(canary === undefined ? {} : { canary: routerServer(canary) }),
  };
}

function routerServer({ name, status, sessions }: LiveServer): Observation["router"]["servers"][number] {
  return { name, state: routerState(status), currentSessions: sessions };
}

function routerState(status: LiveServer["status"]): Observation["router"]["servers"][number]["state"] {
  return status === "UP" ? "up" : status === "DRAIN" ? "drain" : "down";
}

/** Throws when the database does not answer. */
export async function observeDatabase({ paths, ports }: LocalEnvironment): Promise<Observation["database"]> {
  const target = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
  const rows = await asAdmin(target, "shop", async (client) => {
    // Ourselves not counted: an observer should not change what it sees.
    const found = await client.query<Record<string, string>>(`
      select current_setting('max_connections') as max_connections,
             pg_size_bytes(current_setting('shared_buffers')) / 1048576 as shared_buffers_mib,
             pg_database_size('shop') as size_bytes,
             (select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()) as connections`);
    return found.rows;
  });
  const number = (name: string): number => Number(rows[0]?.[name]);
  return {
    maxConnections: number("max_connections"),
    connections: number("connections"),
    sizeBytes: number("size_bytes"),
    sharedBuffersMiB: number("shared_buffers_mib"),
    attempts: await observeAttempts(target),
    partitions: await observePartitions(target),
    backupSchedule: serviceState(join(paths.services, processNames.backupSchedule)).state === "up",
    indexes: await observeIndexes(target),
    backups: (await findBackups(paths.backups)).map(({ id, at, sizeBytes }) => ({ id, at, sizeBytes })),
  };
}

/** Undefined while there is one server; throws when the primary does not answer. */
export async function observeReplication({ paths }: LocalEnvironment): Promise<Observation["replication"]> {
  const roles = readRoles(paths);
  if (roles === undefined || roles.servers.length === 1) return undefined;
  const followers = await followersOf(primaryAddress(paths, roles), standbysOf(roles));
  return {
    primary: roles.primary,
    replicas: followers.map(({ number, state, lagBytes, isSynchronous }) => ({
      number,
      state,
      isSynchronous,
      ...(lagBytes !== undefined && { lagBytes }),
    })),
  };
}

/** Throws when there is no pooler or it does not answer. */
export async function observePooler({ paths, ports }: LocalEnvironment): Promise<Observation["pooler"]> {
  const target = { sockets: componentPlaces(paths).pgbouncer.sockets, port: ports.pgbouncer };
  const pools = (await askConsole(target, "SHOW POOLS")).filter((pool) => pool["database"] === "shop");
  const total = (prefix: string): number =>
    pools
      .flatMap((pool) => Object.entries(pool).filter(([name]) => name.startsWith(prefix)))
      .reduce((sum, [, count]) => sum + Number(count), 0);
  return {
    clientConnections: total("cl_") - pools.reduce((sum, pool) => sum + Number(pool["cl_cancel_req"] ?? 0), 0),
    serverConnections: total("sv_"),
  };
}

/** Throws when the mail sink does not answer. */
export async function observeMail({ ports }: LocalEnvironment): Promise<Observation["mail"]> {
  const response = await fetch(`http://127.0.0.1:${ports.mailApi}${statsPath}`, { signal: AbortSignal.timeout(2_000) });
  return sinkStatsSchema.parse(await response.json());
}

/** Throws when there is no Prometheus or it does not answer. */
export async function observeMonitoring({ ports }: LocalEnvironment): Promise<Observation["monitoring"]> {
  const [targets, { rules, failing }, receivers] = await Promise.all([
    prometheusTargets(ports.prometheus),
    prometheusRules(ports.prometheus),
    alertReceivers(ports.prometheus),
  ]);
  return { targets, rules, failingRules: failing, alertReceivers: receivers };
}
