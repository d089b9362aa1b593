import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import { osUser } from "../host/os-users.ts";
import { poll } from "../host/poll.ts";
import { program } from "../host/programs.ts";
import { runCommand } from "../host/run-command.ts";
import type { PoolerTarget } from "../pgbouncer/pooler-console.ts";
import { withPause } from "../pgbouncer/with-pause.ts";
import { asAdmin } from "../postgres/admin-connection.ts";
import { serverOf, type DatabaseServer } from "./database-server.ts";
import { ensurePrimary } from "./ensure-primary.ts";
import { writeReplicationSettings, writeStandbySignal } from "./replication-settings.ts";
import { followersOf } from "./replication-slots.ts";
import { killSupervised, startSupervised, stopSupervised } from "./server-process.ts";
import { standbysOf, writeRoles, type ServerRoles } from "./server-roles.ts";

/** A server that is further behind would make everybody wait while it catches up. */
const maxLagMiB = 16;
const receiveTimeoutMs = 3_000;

/**
 * Makes a follower the primary while the pooler holds all queries: the old one stops in order, the new one has everything,
 * is promoted and gets the primary's address. Until the roles are written the old one goes on when anything fails
 * (HostError `refused`); a run that was killed after that is finished by the next. The old one is left stopped.
 */
export async function switchPrimary(
  paths: PathPlan,
  roles: ServerRoles,
  next: { readonly primary: number; readonly term: number },
  pooler: PoolerTarget,
): Promise<ServerRoles> {
  const old = serverOf(paths, roles, roles.primary);
  const wanted: ServerRoles = { ...roles, ...next, exempt: [...standbysOf({ ...roles, ...next })] };
  await requireCaughtUp(old, next.primary);
  // What is written out now need not be while everybody waits.
  const successor = serverOf(paths, roles, next.primary);
  await Promise.all([old, successor].map(({ admin }) => asAdmin(admin, "postgres", (it) => it.query("checkpoint"))));
  await withPause(pooler, async () => {
    try {
      if (!(await stopSupervised(paths, old))) throw new HostError("refused", `${old.name} did not stop in time`);
      await writeReplicationSettings(paths, wanted, old.number);
      await writeStandbySignal(old.data);
      await waitUntilReceived(successor, await endOfLog(old));
      await writeRoles(paths, wanted);
    } catch (error) {
      await goBack(paths, roles, old);
      throw error;
    }
    await ensurePrimary(paths, wanted);
  });
  return wanted;
}

async function requireCaughtUp(old: DatabaseServer, number: number): Promise<void> {
  const [follower] = await followersOf(old.admin, [number]);
  const lagMiB = (follower?.lagBytes ?? Number.POSITIVE_INFINITY) / 1_048_576;
  if (follower?.state === "streaming" && lagMiB <= maxLagMiB) return;
  const why = follower?.state === "streaming" ? `is ${Math.ceil(lagMiB)} MiB behind` : "does not follow the primary";
  throw new HostError("refused", `server ${number} ${why}; nothing was changed`);
}

/** Where the log of a server ends that has stopped in order. */
async function endOfLog({ data, name }: DatabaseServer): Promise<string> {
  const text = await runCommand(program("pg_controldata"), ["-D", data], {
    user: osUser("postgres"),
    timeoutMs: 5_000,
  });
  const position = /^Latest checkpoint location:\s+(\S+)$/m.exec(text)?.[1];
  if (position === undefined || !/^Database cluster state:\s+shut down$/m.test(text))
    throw new HostError("refused", `${name} did not shut down in order; nothing was changed`);
  return position;
}

async function waitUntilReceived({ admin, name }: DatabaseServer, position: string): Promise<void> {
  const received = await poll(
    async () => {
      const { rows } = await asAdmin(admin, "postgres", (client) =>
        client.query<{ all: boolean }>("select pg_last_wal_receive_lsn() > $1::pg_lsn as all", [position]),
      );
      return rows[0]?.all === true || undefined;
    },
    { timeoutMs: receiveTimeoutMs, intervalMs: 10 },
  );
  if (received === undefined)
    throw new HostError("refused", `${name} did not get the last of the log in time; nothing was changed`);
}

async function goBack(paths: PathPlan, roles: ServerRoles, old: DatabaseServer): Promise<void> {
  await killSupervised(paths, old);
  await writeReplicationSettings(paths, roles, old.number);
  await rm(join(old.data, "standby.signal"), { force: true });
  await startSupervised(paths, old);
}
