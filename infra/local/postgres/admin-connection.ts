import pg from "pg";

export interface AdminTarget {
  /** Folder of the unix socket: peer authentication, no password. */
  readonly sockets: string;
  readonly port: number;
}

/** For a question that is answered at once; who asks holds up others meanwhile. */
export const questionTimeoutMs = 2_000;

/**
 * Runs `work` on one connection as superuser; the connection is closed afterwards, whatever happens. Without `queryTimeoutMs`
 * a query may take as long as it takes, also on a server that froze.
 */
export async function asAdmin<T>(
  target: AdminTarget,
  database: string,
  work: (client: pg.Client) => Promise<T>,
  queryTimeoutMs?: number,
): Promise<T> {
  const client = new pg.Client({
    host: target.sockets,
    port: target.port,
    user: "postgres",
    database,
    application_name: "shopctl",
    connectionTimeoutMillis: 5_000,
    query_timeout: queryTimeoutMs,
  });
  // A lost connection is reported by the query that was running.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** URL of the same for a process of its own, e.g. the migrations. */
export function adminUrl(target: AdminTarget, database: string): string {
  return `postgres://postgres@/${database}?host=${encodeURIComponent(target.sockets)}&port=${target.port}`;
}

/** Whether the server takes connections. */
export async function answers(target: AdminTarget): Promise<boolean> {
  try {
    return await asAdmin(target, "postgres", async () => true);
  } catch {
    return false;
  }
}
