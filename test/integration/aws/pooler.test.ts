import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { poolerHealthCheck, poolerPort } from "../../../infra/aws/components/pooler.ts";
import { poolerConfig } from "../../../infra/local/pgbouncer/pooler-config.ts";
import { startChild, type Child } from "../../support/child.ts";
import { freePort } from "../../support/free-port.ts";
import { osUser } from "../../support/os-user.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** As the image runs it: an account that has no name on this machine either. */
const nobody = process.getuid?.() === 0 ? { uid: 10_001, gid: 10_001 } : {};
const root = join(import.meta.dirname, "..", "..", "..");
const script = readFileSync(join(root, "infra", "aws", "images", "pooler.sh"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "aws-pooler-"));
let postgres: TestPostgres;
let port: number;
let pooler: Child;

beforeAll(async () => {
  const certificate = certify();
  postgres = await startPostgres([
    "ssl = on",
    `ssl_cert_file = '${certificate.cert}'`,
    `ssl_key_file = '${certificate.key}'`,
  ]);
  await postgres.query(`create role shop login password '${postgres.shopPassword}'`);
  port = await freePort();
  // The image's paths are this test's.
  const local = script.replaceAll("/tmp/", `${folder}/`).replace("/etc/pooler/rds.pem", certificate.cert);
  pooler = startChild("/bin/sh", ["-c", local], {
    ...nobody,
    detached: true,
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      POOLER_PORT: String(port),
      POOLER_DATABASE_HOST: "localhost",
      POOLER_DATABASE_PORT: String(postgres.port),
      POOLER_SIZE: "2",
      POOLER_PASSWORD: postgres.shopPassword,
      POOLER_LEAVE_SECONDS: "2",
    },
  });
  await waitUntil("the pooler", async () => await answered());
});
afterAll(async () => {
  // The script with what it started.
  if (pooler.process.exitCode === null) process.kill(-pooler.pid, "SIGKILL");
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

it("is well by the command that asks it in the image's account, and not when it is gone", async () => {
  const [program = "", ...args] = poolerHealthCheck;
  const ask = (at: number): number | null =>
    spawnSync(
      program,
      args.map((word) => (word === String(poolerPort) ? String(at) : word)),
      {
        ...nobody,
        cwd: folder,
        env: { PATH: process.env["PATH"] },
      },
    ).status;
  expect([ask(port), ask(await freePort())]).toEqual([0, 2]);
});

it("asks the same of itself in the image", () => {
  const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8");
  expect(dockerfile).toContain(`CMD [${poolerHealthCheck.map((word) => JSON.stringify(word)).join(", ")}]`);
});

it("waits for the database as long as the local pooler", () => {
  const local = poolerConfig({
    port,
    sockets: "",
    config: "",
    databaseSockets: "",
    databasePort: 0,
    poolSize: 1,
    administrators: [],
  });
  const times = local.split("\n").filter((line) => /^(server|query)_/.test(line));
  expect(times.length).toBeGreaterThan(3);
  expect(script.split("\n")).toEqual(expect.arrayContaining(times));
});

it("reaches the database by TLS with a certificate that it trusts", async () => {
  const { rows } = await asShop(
    async (client) => await client.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()"),
  );
  expect(rows).toEqual([{ ssl: true }]);
});

it("told to end, serves who still finds it, then lets what is open end, and goes", async () => {
  const late = await asShop(async (client) => {
    await client.query("begin");
    await client.query("select 1");
    pooler.process.kill("SIGTERM");
    expect(await answered()).toBe(true);
    await waitUntil("SIGINT", () => pooler.output().includes("SIGINT"));
    const { rows } = await client.query<{ answer: number }>("select 42 as answer");
    await client.query("commit");
    return rows;
  });
  expect(late).toEqual([{ answer: 42 }]);
  expect(await pooler.exited).toBe(0);
});

async function answered(): Promise<boolean> {
  return await asShop(async (client) => (await client.query("select")).rowCount === 1);
}

async function asShop<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: postgres.shopUrl(port) });
  // The pooler closes it once its transaction is over.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A certificate for localhost that signs itself, with a key that Postgres takes. */
function certify(): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...names], {
    stdio: "ignore",
  });
  const { uid, gid } = osUser("postgres");
  if (uid !== undefined && gid !== undefined) chownSync(key, uid, gid);
  if (nobody.uid !== undefined) chownSync(folder, nobody.uid, nobody.gid);
  chmodSync(folder, 0o755);
  return { cert, key };
}
