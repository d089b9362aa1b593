import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import type { PoolerTarget } from "../pgbouncer/pooler-console.ts";
import { answers } from "../postgres/admin-connection.ts";
import { ensureAccessRules } from "../postgres/ensure-access-rules.ts";
import { serverOf } from "./database-server.ts";
import { ensurePrimary } from "./ensure-primary.ts";
import { ensureStandby } from "./ensure-standby.ts";
import { failOver } from "./fail-over.ts";
import { reload, writeReplicationSettings } from "./replication-settings.ts";
import { readRoles, requireRoles, standbysOf, writeRoles, type ServerRoles } from "./server-roles.ts";
import { switchPrimary } from "./switch-primary.ts";
import { withLock } from "./with-lock.ts";

export type WantedRoles = Omit<ServerRoles, "exempt">;

/**
 * Makes the servers take the roles that are wanted: by a planned switch when the primary answers, by a failover when it
 * does not. Roles of a later term than wanted are never undone: HostError `refused`.
 */
export async function arrangeRoles(paths: PathPlan, wanted: WantedRoles, pooler: PoolerTarget): Promise<void> {
  await withLock(paths, "roles", async () => {
    const before = rolesBefore(paths, wanted);
    refuseEarlier(before, wanted);
    // The servers stay those that there are until the switch is done.
    const next = { primary: wanted.primary, term: wanted.term };
    if (before.primary === wanted.primary) {
      const kept = { ...wanted, exempt: before.exempt };
      await writeRoles(paths, kept);
      await ensureAccessRules(paths);
      await ensurePrimary(paths, kept);
    } else if (await answers(serverOf(paths, before, before.primary).admin)) {
      await switchPrimary(paths, before, next, pooler);
    } else {
      await failOver(paths, before, pooler, next);
    }
  });
  // One that the stack has no more is removed in a moment.
  await Promise.all(standbysOf(wanted).map((number) => ensureStandby(paths, number)));
  await waitForAll(paths, wanted);
}

/** There are none where replication was to end, and now is wanted again before its last follower had gone. */
function rolesBefore(paths: PathPlan, wanted: WantedRoles): ServerRoles {
  const found = readRoles(paths);
  if (found !== undefined || wanted.term > 0) return found ?? requireRoles(paths);
  return { ...wanted, exempt: [...standbysOf(wanted)] };
}

/** From now on commits may wait for every follower that there is. Throws HostError `refused` when the primary changed meanwhile. */
export async function waitForAll(paths: PathPlan, wanted?: WantedRoles): Promise<void> {
  await withLock(paths, "roles", async () => {
    const before = requireRoles(paths);
    if (wanted !== undefined) refuseEarlier(before, wanted);
    const roles = { ...before, ...wanted, exempt: [] };
    await writeRoles(paths, roles);
    await writeReplicationSettings(paths, roles, roles.primary);
    await reload(serverOf(paths, roles, roles.primary));
  });
}

function refuseEarlier(before: ServerRoles, wanted: WantedRoles): void {
  if (before.term <= wanted.term) return;
  throw new HostError(
    "refused",
    `server ${before.primary} has become the primary since the stack was last updated; run the command again, which takes that up`,
  );
}
