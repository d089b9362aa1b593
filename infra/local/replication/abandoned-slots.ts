import type { PathPlan } from "../../environment/environment.ts";
import { asAdmin, questionTimeoutMs, type AdminTarget } from "../postgres/admin-connection.ts";
import { databaseServer } from "./database-server.ts";
import { readRoles } from "./server-roles.ts";
import { withLock } from "./with-lock.ts";

/** What nobody made by hand, and nobody is connected by. */
const abandoned = "pg_replication_slots where slot_name ~ '^server_[0-9]+$' and slot_type = 'physical' and not active";

/**
 * Slots of followers that a server which is alone still has: they keep log for nobody, until the disk is full. With roles
 * there are none, for those say who is only away; none either when the server does not answer.
 */
export async function findAbandonedSlots(paths: PathPlan, port: number): Promise<readonly string[]> {
  if (readRoles(paths) !== undefined) return [];
  const found = await asAdmin(
    firstServer(paths, port),
    "postgres",
    (client) => client.query<{ name: string }>(`select slot_name as name from ${abandoned} order by slot_name`),
    questionTimeoutMs,
  ).catch(() => undefined);
  return (found?.rows ?? []).map(({ name }) => name);
}

/** Drops what `findAbandonedSlots` finds by then. */
export async function dropAbandonedSlots(paths: PathPlan, port: number): Promise<void> {
  await withLock(paths, "roles", async () => {
    if (readRoles(paths) !== undefined) return;
    await asAdmin(firstServer(paths, port), "postgres", (client) =>
      client.query(`select pg_drop_replication_slot(slot_name) from ${abandoned}`),
    );
  });
}

function firstServer(paths: PathPlan, port: number): AdminTarget {
  return databaseServer(paths, { number: 0, port }, 0).admin;
}
