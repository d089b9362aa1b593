import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import { osUser } from "./os-user.ts";
import type { TestPostgres } from "./postgres.ts";
import { waitUntil } from "./wait-until.ts";

/** A PgBouncer in transaction mode before a test's Postgres. */
export interface TestPgBouncer {
  readonly port: number;
  /** Sends a command such as `PAUSE shop` to the admin console. */
  admin(command: string): Promise<void>;
  stop(): Promise<void>;
}

/** `serverConnections` are those to Postgres, far fewer than clients may open. */
export async function startPgBouncer(
  postgres: Pick<TestPostgres, "port" | "shopPassword">,
  serverConnections = 5,
): Promise<TestPgBouncer> {
  const user = osUser("postgres");
  const folder = mkdtempSync(join(tmpdir(), "shop-pgbouncer-"));
  const port = await freePort();
  writeFileSync(join(folder, "users.txt"), `"shop" "${postgres.shopPassword}"\n"admin" "admin-test-password"\n`);
  writeFileSync(
    join(folder, "pgbouncer.ini"),
    `[databases]
shop = host=127.0.0.1 port=${postgres.port} dbname=shop
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, "users.txt")}
admin_users = admin
pool_mode = transaction
default_pool_size = ${serverConnections}
max_client_conn = 500
server_login_retry = 1
`,
  );
  if (user.uid !== undefined && user.gid !== undefined) {
    for (const path of ["", "users.txt", "pgbouncer.ini"]) chownSync(join(folder, path), user.uid, user.gid);
  }
  const child = startChild("/usr/sbin/pgbouncer", [join(folder, "pgbouncer.ini")], { ...user, cwd: folder });
  const admin = async (command: string): Promise<void> => {
    const client = new pg.Client({
      host: "127.0.0.1",
      port,
      user: "admin",
      password: "admin-test-password",
      database: "pgbouncer",
    });
    await client.connect();
    try {
      await client.query(command);
    } finally {
      await client.end();
    }
  };
  await waitUntil("PgBouncer", async () => {
    await admin("SHOW VERSION");
    return true;
  });
  return {
    port,
    admin,
    stop: async () => {
      await child.stop("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
