import pg from "pg";
import { currentUser } from "../host/os-users.ts";

export interface PoolerTarget {
  readonly sockets: string;
  readonly port: number;
}

/** A connection to PgBouncer's admin console over its unix socket; throws when it does not run. */
export async function openConsole(target: PoolerTarget): Promise<pg.Client> {
  const client = new pg.Client({
    host: target.sockets,
    port: target.port,
    user: currentUser().name,
    database: "pgbouncer",
    connectionTimeoutMillis: 2_000,
  });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/** One command or SHOW on a connection of its own. */
export async function askConsole(target: PoolerTarget, command: string): Promise<readonly Record<string, unknown>[]> {
  const client = await openConsole(target);
  try {
    return (await client.query<Record<string, unknown>>(command)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether a pooler answers at its planned place. */
export async function poolerAnswers(target: PoolerTarget): Promise<boolean> {
  try {
    await askConsole(target, "SHOW VERSION");
    return true;
  } catch {
    return false;
  }
}
