import { execFileSync } from "node:child_process";
import { appendFileSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startChild, type Child } from "./child.ts";
import { freePort } from "./free-port.ts";
import { osUser } from "./os-user.ts";
import { waitUntil } from "./wait-until.ts";

const binaries = "/usr/lib/postgresql/15/bin";
const shopPassword = "shop-test-password";

/** A Postgres of its own for one test file: database and superuser as Postgres makes them, on a free port. */
export interface TestPostgres {
  readonly port: number;
  readonly socketDir: string;
  readonly dataDir: string;
  /** Superuser over the unix socket. */
  adminUrl(database?: string): string;
  /** Role `shop` with its password over TCP; the role exists after `allowShop`. */
  shopUrl(port?: number): string;
  readonly shopPassword: string;
  /** Gives the role `shop`, which the migrations make, its password. */
  allowShop(): Promise<void>;
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Stops it the fast way (SIGINT) and starts it again; resolves when it takes connections. */
  restart(): Promise<void>;
  /** Stops it without removing anything; `start` brings it back. */
  halt(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it with an empty database `shop`; no fsync, so that tests are fast. `settings` are lines of postgresql.conf. */
export async function startPostgres(settings: readonly string[] = []): Promise<TestPostgres> {
  const user = osUser("postgres");
  const root = mkdtempSync(join(tmpdir(), "shop-pg-"));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(root, user.uid, user.gid);
  const dataDir = join(root, "data");
  const port = await freePort();
  const auth = ["--auth-local=trust", "--auth-host=scram-sha-256"];
  execFileSync(
    `${binaries}/initdb`,
    ["-D", dataDir, "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C", ...auth],
    {
      ...user,
      cwd: root,
      stdio: "ignore",
    },
  );
  appendFileSync(
    join(dataDir, "postgresql.conf"),
    [
      `port = ${port}`,
      "listen_addresses = '127.0.0.1'",
      `unix_socket_directories = '${root}'`,
      "fsync = off",
      "synchronous_commit = off",
      "full_page_writes = off",
      ...settings,
      "",
    ].join("\n"),
  );
  const adminUrl = (database = "shop"): string => `postgres://postgres@/${database}?host=${root}&port=${port}`;
  const start = async (): Promise<Child> => {
    const child = startChild(`${binaries}/postgres`, ["-D", dataDir], { ...user, cwd: root });
    await waitUntil("Postgres", () => queryOnce(adminUrl("postgres"), "select 1"));
    return child;
  };
  let server = await start();
  await queryOnce(adminUrl("postgres"), "create database shop");
  return {
    port,
    socketDir: root,
    dataDir,
    adminUrl,
    shopUrl: (at = port) => `postgres://shop:${shopPassword}@127.0.0.1:${at}/shop`,
    shopPassword,
    allowShop: async () => void (await queryOnce(adminUrl(), `alter role shop password '${shopPassword}'`)),
    query: (sql, values) => queryOnce(adminUrl(), sql, values),
    restart: async () => {
      await server.stop("SIGINT");
      server = await start();
    },
    halt: async () => void (await server.stop("SIGINT")),
    start: async () => {
      if (server.process.exitCode !== null) server = await start();
    },
    stop: async () => {
      await server.stop("SIGINT");
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function queryOnce<Row extends pg.QueryResultRow>(url: string, sql: string, values?: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
