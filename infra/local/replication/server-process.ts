import type pg from "pg";
import { HostError } from "../host/host-error.ts";
import { groupProcesses, processGroup } from "../host/cgroup.ts";
import { familyOf, identify } from "../host/process-identity.ts";
import { poll } from "../host/poll.ts";
import type { PathPlan } from "../../environment/environment.ts";
import { answers, asAdmin, questionTimeoutMs } from "../postgres/admin-connection.ts";
import { control, serviceState } from "../supervision/service-control.ts";
import { tailLog } from "../supervision/service-log.ts";
import type { DatabaseServer } from "./database-server.ts";

/** Replay of the log since the last checkpoint, at most max_wal_size. */
const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;
const promoteTimeoutSeconds = 20;

/** Starts a server that is supervised, unless it runs, and waits until it answers. */
export async function startSupervised(paths: PathPlan, server: DatabaseServer): Promise<void> {
  await control(server.service, "u");
  const answered = await poll(async () => (await answers(server.admin)) || undefined, {
    timeoutMs: startTimeoutMs,
    intervalMs: 25,
  });
  if (answered === undefined)
    throw new HostError(
      "not-ready",
      `${server.name} does not answer. Its log ends:\n${await tailLog(paths, server.name, 15)}`,
    );
}

/** Stops it in order, with its last checkpoint; its supervisor does not start it again. False when it did not end in time. */
export async function stopSupervised(paths: PathPlan, server: DatabaseServer): Promise<boolean> {
  const running = processesOf(paths, server);
  await control(server.service, "d");
  return isGone(running, stopTimeoutMs);
}

/** Ends it at once, also one that a signal has stopped or that does not answer. */
export async function killSupervised(paths: PathPlan, server: DatabaseServer): Promise<void> {
  const running = processesOf(paths, server);
  await control(server.service, "d");
  for (const pid of running) kill(pid);
  await isGone(running, stopTimeoutMs);
}

/** Makes a follower the primary, unless it is. */
export async function promote(server: DatabaseServer): Promise<void> {
  const { rows } = await asAdmin(server.admin, "postgres", (client) =>
    client.query<{ done: boolean }>(
      `select case when pg_is_in_recovery() then pg_promote(true, ${promoteTimeoutSeconds}) else true end as done`,
    ),
  );
  if (rows[0]?.done !== true) throw new HostError("not-ready", `${server.name} was not promoted in time`);
}

/** Whether it follows another server. Throws when it does not answer. */
export async function isFollower(server: DatabaseServer): Promise<boolean> {
  const ask = (client: pg.Client) => client.query<{ follows: boolean }>("select pg_is_in_recovery() as follows");
  const { rows } = await asAdmin(server.admin, "postgres", ask, questionTimeoutMs);
  return rows[0]?.follows === true;
}

function processesOf(paths: PathPlan, { name, service }: DatabaseServer): readonly number[] {
  const { pid } = serviceState(service);
  return [...new Set([...(pid === undefined ? [] : familyOf(pid)), ...groupProcesses(processGroup(paths.root, name))])];
}

async function isGone(pids: readonly number[], timeoutMs: number): Promise<boolean> {
  const gone = await poll(() => pids.every((pid) => identify(pid) === undefined) || undefined, {
    timeoutMs,
    intervalMs: 10,
  });
  return gone === true;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
