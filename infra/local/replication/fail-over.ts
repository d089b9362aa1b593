import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import { askConsole, type PoolerTarget } from "../pgbouncer/pooler-console.ts";
import { asAdmin } from "../postgres/admin-connection.ts";
import { serverOf, type DatabaseServer } from "./database-server.ts";
import { ensurePrimary } from "./ensure-primary.ts";
import { killSupervised } from "./server-process.ts";
import { standbysOf, writeRoles, type ServerRoles } from "./server-roles.ts";

/**
 * Makes the follower that has the most the primary, because the primary is gone. That one is fenced first: killed, its
 * supervisor does not start it, and its data is put aside, so that it cannot take a write whoever starts it. What it
 * acknowledged and did not send (asynchronous only) is in there until the next failover. Throws HostError `refused` when
 * no follower answers; then nothing was changed.
 */
export async function failOver(
  paths: PathPlan,
  roles: ServerRoles,
  pooler: PoolerTarget,
  wanted?: { readonly primary: number; readonly term: number },
): Promise<ServerRoles> {
  const primary = wanted?.primary ?? (await furthestFollower(paths, roles));
  const term = wanted?.term ?? roles.term + 1;
  const next: ServerRoles = { ...roles, primary, term, exempt: [...standbysOf({ ...roles, primary })] };
  const old = serverOf(paths, roles, roles.primary);
  await killSupervised(paths, old);
  await putAside(old);
  await writeRoles(paths, next);
  await ensurePrimary(paths, next);
  // Without a pooler there is nobody who holds connections to the old one.
  await askConsole(pooler, "RECONNECT shop").catch(() => undefined);
  return next;
}

/** The follower that has received the most. Throws HostError `refused` when none answers. */
export async function furthestFollower(paths: PathPlan, roles: ServerRoles): Promise<number> {
  const found = await Promise.all(
    standbysOf(roles).map(async (number) => ({ number, position: await receivedBy(serverOf(paths, roles, number)) })),
  );
  const answering = found.filter(({ position }) => position !== undefined);
  const best = answering.toSorted((a, b) => Number((b.position ?? 0n) - (a.position ?? 0n)))[0];
  if (best === undefined) throw new HostError("refused", "no other server answers that could take the primary's place");
  return best.number;
}

async function receivedBy({ admin }: DatabaseServer): Promise<bigint | undefined> {
  try {
    const { rows } = await asAdmin(admin, "postgres", (client) =>
      client.query<{ position: string }>(
        `select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0' as position
          where pg_is_in_recovery()`,
      ),
    );
    return rows[0] === undefined ? undefined : BigInt(rows[0].position);
  } catch {
    return undefined;
  }
}

async function putAside({ data }: DatabaseServer): Promise<void> {
  // A failover that was killed has put it aside: what is there must stay.
  if (!existsSync(data)) return;
  const aside = `${data}.replaced`;
  await rm(aside, { recursive: true, force: true });
  await rename(data, aside);
}
