import { rename, rm, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { databaseServer, primaryAddress, serverOf } from "./database-server.ts";
import { reload, writeReplicationSettings } from "./replication-settings.ts";
import { ensureSlot } from "./replication-slots.ts";
import { promote, startSupervised } from "./server-process.ts";
import { standbysOf, type ServerRoles } from "./server-roles.ts";

/** Makes the host as the roles have it, as far as writes need it: the primary runs, takes them, and has the primary's address. */
export async function ensurePrimary(paths: PathPlan, roles: ServerRoles): Promise<void> {
  const primary = serverOf(paths, roles, roles.primary);
  await writeReplicationSettings(paths, roles, roles.primary);
  await startSupervised(paths, primary);
  await reload(primary);
  await promote(primary);
  await pointAddress(paths, roles);
  for (const number of standbysOf(roles)) await ensureSlot(primary.admin, number);
}

/** Lets the primary's address lead to the primary: a link in place of its socket, changed in one step. */
async function pointAddress(paths: PathPlan, roles: ServerRoles): Promise<void> {
  const { sockets, port } = primaryAddress(paths, roles);
  const { admin } = serverOf(paths, roles, roles.primary);
  // The first server's own socket, as long as it was the primary at all times.
  if (admin.sockets === databaseServer(paths, { number: 0, port }, 0).admin.sockets) return;
  const address = join(sockets, `.s.PGSQL.${port}`);
  const draft = `${address}.new`;
  await rm(draft, { force: true });
  await symlink(relative(sockets, join(admin.sockets, `.s.PGSQL.${admin.port}`)), draft);
  await rename(draft, address);
}
