import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, chownSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import { osUser } from "./os-user.ts";
import type { TestPostgres } from "./postgres.ts";
import { waitUntil } from "./wait-until.ts";

const binaries = "/usr/lib/postgresql/15/bin";

/** A streaming replica of a test's Postgres. */
export interface TestReplica {
  readonly port: number;
  /** Folder of its unix socket. */
  readonly socketDir: string;
  readonly shopPassword: string;
  /** Asks as superuser. */
  query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  /** Lets it receive but not show what the primary writes, and show it again. */
  pauseReplay(): Promise<void>;
  resumeReplay(): Promise<void>;
  /** Stops every process of it where it is (SIGSTOP): connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Copies the primary and follows it; resolves when it takes reads. */
export async function startReplica(primary: TestPostgres): Promise<TestReplica> {
  const user = osUser("postgres");
  const root = mkdtempSync(join(tmpdir(), "shop-replica-"));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(root, user.uid, user.gid);
  const dataDir = join(root, "data");
  const port = await freePort();
  const source = ["-h", primary.socketDir, "-p", `${primary.port}`, "-U", "postgres"];
  execFileSync(
    `${binaries}/pg_basebackup`,
    [...source, "-D", dataDir, "-c", "fast", "-R", "-X", "stream", "--no-sync"],
    {
      ...user,
      cwd: root,
      stdio: "ignore",
    },
  );
  appendFileSync(join(dataDir, "postgresql.conf"), `port = ${port}\nunix_socket_directories = '${root}'\n`);
  const server = startChild(`${binaries}/postgres`, ["-D", dataDir], { ...user, cwd: root });
  const query = async <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: `postgres://postgres@/shop?host=${root}&port=${port}` });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  await waitUntil("the replica", async () => await query("select 1"));
  // Each of its processes is a group of its own, so that they are told one by one; the first starts no others any more.
  const signal = (name: NodeJS.Signals): void => {
    process.kill(server.pid, name);
    for (const pid of childrenOf(server.pid)) process.kill(pid, name);
  };
  return {
    port,
    socketDir: root,
    shopPassword: primary.shopPassword,
    query,
    pauseReplay: async () => void (await query("select pg_wal_replay_pause()")),
    resumeReplay: async () => void (await query("select pg_wal_replay_resume()")),
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    kill: async () => void (await server.stop("SIGQUIT")),
    stop: async () => {
      if (server.process.exitCode === null) {
        signal("SIGCONT");
        await server.stop("SIGINT");
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
}
