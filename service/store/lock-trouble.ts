import type { ClientBase } from "pg";

/** Lock not to be had in time, deadlock: the attempt was undone and another may do better. */
const passing = new Set(["55P03", "40P01"]);

/** True when others held what a statement had to lock. */
export function isLockTrouble(error: unknown): boolean {
  return error instanceof Error && "code" in error && passing.has(String(error.code));
}

/** Who is most likely in the way of a lock, as part of a sentence. */
export async function oldestTransaction(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ pid: number; name: string; seconds: number }>(
    `select pid, application_name as name, extract(epoch from now() - xact_start)::integer as seconds
       from pg_stat_activity
      where xact_start is not null and pid <> pg_backend_pid() and datname = current_database()
      order by xact_start limit 1`,
  );
  const oldest = rows[0];
  if (oldest === undefined) return "another session held a lock";
  return `process ${oldest.pid} (${oldest.name}) has had a transaction open for ${oldest.seconds} s`;
}
