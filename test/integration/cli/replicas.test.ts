import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadLocalEnvironment } from "../../../infra/environment/require-target.ts";
import { readCredentials } from "../../../infra/environment/stack.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { serverOf } from "../../../infra/local/replication/database-server.ts";
import { requireRoles } from "../../../infra/local/replication/server-roles.ts";
import { control, serviceState } from "../../../infra/local/supervision/service-control.ts";
import type { BackupFile } from "../../../infra/local/backup/backup-files.ts";
import type { DriftReport } from "../../../cli/rollout/drift-report.ts";
import type { RecoverReport } from "../../../cli/rollout/recover-environment.ts";
import type { ShowReport } from "../../../cli/rollout/show-report.ts";
import type { VerifyReport } from "../../../cli/rollout/verify-report.ts";
import type { StepRecord } from "../../../cli/rollout/step-record.ts";
import type { Child } from "../../support/child.ts";
import { startWrites } from "../../support/database-writes.ts";
import { killForGood } from "../../support/kill-for-good.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { ShopctlHome, type Outcome } from "./shopctl.ts";

/** What the step needs, and the smallest of everything else. */
const before = "{ pooler: pgbouncer, database: paid, cache: redis, limits: raised }\n";

describe("replicas by the commands that a user types", { timeout: 180_000 }, () => {
  const home = new ShopctlHome();

  beforeAll(async () => {
    const file = join(home.folder, "topology.yaml");
    writeFileSync(file, before);
    const filled = ["--users", "60", "--products", "40"];
    const created = await home.run("env", "create", "two", "--topology", file, ...filled);
    expect([created.exit, created.stderr]).toEqual([0, expect.any(String)]);
  }, 120_000);

  afterAll(() => home.end("two"), 60_000);

  it("whatever needs a second server is refused without one", async () => {
    for (const command of [["switchover"], ["failover"], ["replication", "synchronous"]]) {
      const refused = await home.run("db", ...command, "--yes");
      expect([refused.exit, refused.json["message"], refused.json["why"]]).toEqual([
        5,
        "No such replica",
        ["environment two has one database server; the step read-replicas brings another"],
      ]);
    }
  });

  describe("with a second server", () => {
    // No test of its own: what follows needs the step also where a run picks tests by name.
    beforeAll(async () => {
      const applied = await home.run("scale", "apply", "--step", "read-replicas", "--yes", "--window", "2");
      const [record] = (applied.json["steps"] ?? []) as StepRecord[];
      expect([applied.exit, record?.state, record?.traffic?.step.serverErrors, applied.stderr]).toEqual([
        0,
        "done",
        0,
        expect.any(String),
      ]);
      const { observation } = as<ShowReport>(await home.run("env", "show"));
      expect(observation.replication).toMatchObject({ primary: 0, replicas: [{ number: 1, state: "streaming" }] });
      expect(as<DriftReport>(await home.run("drift")).differences).toEqual([]);
    }, 120_000);

    it("fault 1: shopctl db switchover fails no request of the shoppers, and the stack knows the new primary", async ({
      annotate,
    }) => {
      const load = home.run("load", "--env", "two", "--duration", "10", "--rate", "40");
      await waitUntil("reads of the shoppers at the replica", async () => (await readsOf("replica-1")) > 0, 20_000);
      const switched = await home.run("db", "switchover", "--yes");
      expect([switched.exit, switched.json["primary"], switched.stderr]).toEqual([0, 1, expect.any(String)]);
      const { json } = await load;
      await annotate(`${String(json["failures"])} of ${String(json["sent"])} requests failed`, "figure");
      expect([json["failures"], json["failed"]]).toEqual([0, []]);
      const { observation } = as<ShowReport>(await home.run("env", "show"));
      expect(observation.replication).toMatchObject({ primary: 1, replicas: [{ number: 0, state: "streaming" }] });
      expect(as<DriftReport>(await home.run("drift")).differences).toEqual([]);
      const { health, steps } = as<VerifyReport>(await home.run("scale", "verify"));
      expect([...health, ...steps.flatMap(({ proofs }) => proofs)].filter(({ ok }) => !ok)).toEqual([]);
      const refused = await home.run("db", "failover", "--yes");
      expect([refused.exit, String(refused.json["why"])]).toEqual([5, expect.stringContaining("db switchover")]);
    });

    it("a switchover comes to its end whatever signal comes, and recover does one again that was killed", async () => {
      const primary = await primaryNow();
      const interrupted = await duringUpdate("db", "switchover", "--yes");
      interrupted.process.kill("SIGINT");
      expect([await interrupted.exited, interrupted.output()]).toEqual([
        0,
        expect.stringContaining(`server ${1 - primary} is the primary`),
      ]);
      await (await duringUpdate("db", "switchover", "--yes")).stop("SIGKILL");
      const recovered = await home.run("recover");
      expect([recovered.exit, as<RecoverReport>(recovered).findings.map(({ kind }) => kind)]).toEqual([
        0,
        expect.arrayContaining(["pending-operations"]),
      ]);
      expect(as<RecoverReport>(await home.run("recover", "--dry-run")).findings).toEqual([]);
      expect(as<DriftReport>(await home.run("drift")).differences).toEqual([]);
      if ((await primaryNow()) !== primary) expect((await home.run("db", "switchover", "--yes")).exit).toBe(0);
      expect(await primaryNow()).toBe(primary);
    });

    it("a restore comes to its end whatever signal comes: the shop is never shut out of its database", async () => {
      const { json } = await home.run("backup", "create");
      const restore = home.start("backup", "restore", (json["backup"] as BackupFile).id, "--yes");
      await waitUntil("a half-made database", async () => (await databasesNamed("shop_restoring")) > 0, 30_000);
      restore.process.kill("SIGTERM");
      expect([await restore.exited, restore.output()]).toEqual([0, expect.stringContaining("SIGTERM: what has begun")]);
      expect(as<RecoverReport>(await home.run("recover", "--dry-run")).findings).toEqual([]);
    });

    it("fault 7: commits are made to wait for the replica, and not, by one command that fails no request", async ({
      annotate,
    }) => {
      const load = home.run("load", "--env", "two", "--duration", "20", "--rate", "20");
      await waitUntil("reads of the shoppers at the replica", async () => (await readsOf("replica-1")) > 0, 20_000);
      const synchronous = await home.run("db", "replication", "synchronous", "--yes");
      expect([synchronous.exit, synchronous.json, synchronous.stderr]).toEqual([
        0,
        expect.objectContaining({ before: "asynchronous", replication: "synchronous" }),
        expect.any(String),
      ]);
      const shown = as<ShowReport>(await home.run("env", "show"));
      expect(shown.observation.replication?.replicas).toMatchObject([{ state: "streaming", isSynchronous: true }]);
      expect((await home.run("db", "replication", "synchronous", "--yes")).json["seconds"]).toBe(0);
      expect((await home.run("db", "replication", "asynchronous", "--yes")).exit).toBe(0);
      expect((await home.run("db", "replication", "synchronous", "--yes")).exit).toBe(0);
      const { json } = await load;
      await annotate(`${String(json["failures"])} of ${String(json["sent"])} requests failed`, "figure");
      expect([json["failures"], json["failed"]]).toEqual([0, []]);
      expect(as<DriftReport>(await home.run("drift")).differences).toEqual([]);
    });

    it("fault 7: shopctl db failover puts the replica in a dead primary's place, and no acknowledged row is lost", async ({
      annotate,
    }) => {
      const environment = await loadLocalEnvironment(home.folder, "two");
      const { paths, ports } = environment;
      const { databaseShop: password } = await readCredentials(environment);
      await asOwner("create table written (id bigint primary key); grant select, insert on written to shop");
      // What the guard would do within seconds, a person does here.
      await control(join(paths.services, "replication-guard"), "d");
      await waitUntil(
        "an end of the guard",
        () => serviceState(join(paths.services, "replication-guard")).state === "down",
      );
      const writes = startWrites({ port: ports.pgbouncer, password }, 4, 1);
      await delay(500);
      await killForGood(serverOf(paths, requireRoles(paths), 1).service);
      await delay(500);
      const switched = await home.run("db", "switchover", "--yes");
      expect([switched.exit, String(switched.json["why"])]).toEqual([5, expect.stringContaining("db failover")]);
      const failed = await home.run("db", "failover", "--yes");
      expect([failed.exit, failed.json["before"], failed.json["primary"], failed.stderr]).toEqual([
        0,
        1,
        0,
        expect.any(String),
      ]);
      await delay(1_000);
      const { acknowledged } = await writes.stop();
      const lost = await asOwner(
        "select count(*)::int as count from unnest($1::bigint[]) id where id not in (table written)",
        [acknowledged],
      );
      await annotate(`${lost} of ${acknowledged.length} acknowledged rows lost`, "figure");
      expect([lost, acknowledged.length > 100]).toEqual([0, true]);
      await control(join(paths.services, "replication-guard"), "u");
      await waitUntil(
        "a copy that follows",
        async () => {
          const { observation } = as<ShowReport>(await home.run("env", "show"));
          return observation.replication?.replicas.every(({ state }) => state === "streaming") === true;
        },
        30_000,
      );
      await asOwner("drop table written");
      expect(as<DriftReport>(await home.run("drift")).differences).toEqual([]);
    });

    it("the step is taken back from there: the first server is the primary again, and every order is there", async () => {
      const orders = await ordersNow();
      const back = await home.run("scale", "rollback", "--step", "read-replicas", "--yes", "--window", "2");
      const [record] = (back.json["steps"] ?? []) as StepRecord[];
      expect([back.exit, record?.state, record?.traffic?.step.serverErrors, back.stderr]).toEqual([
        0,
        "done",
        0,
        expect.any(String),
      ]);
      expect(await ordersNow()).toBeGreaterThanOrEqual(orders);
      const { observation } = as<ShowReport>(await home.run("env", "show"));
      expect(observation.processes.filter(({ component }) => component === "replica")).toEqual([]);
      expect(as<DriftReport>(await home.run("drift")).differences).toEqual([]);
    });
  });

  it("env destroy takes a shop away whose primary is the other server, and whose shopctl of before is gone", async () => {
    expect((await home.run("scale", "apply", "--step", "read-replicas", "--yes", "--window", "2")).exit).toBe(0);
    if ((await primaryNow()) === 0) expect((await home.run("db", "switchover", "--yes")).exit).toBe(0);
    expect(await primaryNow()).toBe(1);
    const project = join(home.folder, "environments/two/pulumi/Pulumi.yaml");
    writeFileSync(project, readFileSync(project, "utf8").replaceAll("/dist/", "/gone/"));
    await (await duringUpdate("env", "destroy", "two", "--confirm", "two")).stop("SIGKILL");
    // What is half gone is not made again.
    const recovered = as<RecoverReport>(await home.run("recover"));
    expect([recovered.wentOn, recovered.findings]).toEqual([
      undefined,
      expect.arrayContaining([expect.objectContaining({ remedy: expect.stringContaining("env destroy") as string })]),
    ]);
    const destroyed = await home.run("env", "destroy", "two", "--confirm", "two");
    expect([destroyed.exit, destroyed.stderr]).toEqual([0, expect.any(String)]);
    expect(home.processes()).toEqual([]);
  });

  function ordersNow(): Promise<number> {
    return asOwner("select count(*)::int as count from orders");
  }

  /** At the primary; gives the first row's `count`, -1 without one. */
  async function asOwner(sql: string, values?: readonly unknown[]): Promise<number> {
    const { paths, ports } = await loadLocalEnvironment(home.folder, "two");
    const target = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
    const found = await asAdmin(target, "shop", (client) =>
      values === undefined ? client.query<{ count: number }>(sql) : client.query<{ count: number }>(sql, [...values]),
    );
    return found.rows?.[0]?.count ?? -1;
  }

  /** Starts a command and waits until its update of the stack is at work. */
  async function duringUpdate(...command: string[]): Promise<Child> {
    const child = home.start(...command);
    const state = join(home.folder, "state/.pulumi/stacks/shopctl/two.json");
    await waitUntil("an update at work", () => readFileSync(state, "utf8").includes("pending_operations"), 30_000);
    return child;
  }

  async function primaryNow(): Promise<number> {
    return as<ShowReport>(await home.run("env", "show")).observation.replication?.primary ?? -1;
  }

  function databasesNamed(name: string): Promise<number> {
    return asOwner("select count(*)::int as count from pg_database where datname = $1", [name]);
  }

  /** Reads that a server has answered, over all instances that run. */
  async function readsOf(server: string): Promise<number> {
    const { localTarget } = await import("../../../infra/local/local-target.ts");
    const endpoints = await localTarget(await loadLocalEnvironment(home.folder, "two")).scrapeEndpoints();
    const texts = await Promise.all(
      endpoints.filter(({ job }) => job === "shop").map(async (endpoint) => (await fetch(endpoint.url)).text()),
    );
    const line = new RegExp(`^shop_db_replica_reads_total\\{server="${server}"\\} (\\d+)`, "m");
    return texts.reduce((sum, text) => sum + Number(line.exec(text)?.[1] ?? 0), 0);
  }
});

function as<Report>(outcome: Outcome): Report {
  return outcome.json as Report;
}
