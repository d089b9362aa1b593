import type { PathPlan } from "../../environment/environment.ts";
import { osUser } from "../host/os-users.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { asAdmin } from "../postgres/admin-connection.ts";
import { ensureAccessRules } from "../postgres/ensure-access-rules.ts";
import { withLock } from "../replication/with-lock.ts";

/** Lets the exporter's OS account read statistics, and nothing of the shop; a second run is fine. */
export async function ensureMonitorRole(paths: PathPlan, target: AdminTarget): Promise<void> {
  const { name } = osUser("prometheus");
  // A database that was started before there was an exporter does not let it in yet. Under the lock, for a server that joins
  // meanwhile changes the same rules: it would be shut out.
  await withLock(paths, "roles", () => ensureAccessRules(paths));
  await asAdmin(target, "shop", async (client) => {
    const role = client.escapeIdentifier(name);
    const found = await client.query("select 1 from pg_roles where rolname = $1", [name]);
    if (found.rowCount === 0) await client.query(`create role ${role} login`);
    await client.query(`grant pg_monitor to ${role}`);
    await client.query(`grant connect on database shop to ${role}`);
  });
}

/** The role is gone afterwards; fine when it was already. */
export async function dropMonitorRole(target: AdminTarget): Promise<void> {
  const { name } = osUser("prometheus");
  await asAdmin(target, "shop", async (client) => {
    const found = await client.query("select 1 from pg_roles where rolname = $1", [name]);
    if (found.rowCount === 0) return;
    const role = client.escapeIdentifier(name);
    await client.query(`revoke connect on database shop from ${role}`);
    await client.query(`drop role ${role}`);
  });
}
