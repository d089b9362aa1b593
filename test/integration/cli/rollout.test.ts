import { readFileSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadLocalEnvironment } from "../../../infra/environment/require-target.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { localTarget } from "../../../infra/local/local-target.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { databaseIndexes } from "../../../service/contract/indexes.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import type { ShowReport } from "../../../cli/rollout/show-report.ts";
import type { StatusReport } from "../../../cli/rollout/status-report.ts";
import type { StepRecord } from "../../../cli/rollout/step-record.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { productsOf, register, signIn } from "./shop-requests.ts";
import { filesBelow, ShopctlHome, type Outcome } from "./shopctl.ts";

/** Two seconds of traffic are enough where nothing is expected to fail. */
const quick = ["--window", "2"];
const twoSteps = ["--step", "connection-pooler", "--step", "rate-limits-raised"];

/**
 * One environment through its life, by the commands that a user types: embedded engine, real servers, real processes.
 * What the whole of phase 1 does under load is shown by the acceptance test.
 */
describe("an environment on this machine", { timeout: 150_000 }, () => {
  const home = new ShopctlHome();
  let url = "";

  beforeAll(async () => {
    const created = await home.run("env", "create", "life");
    expect([created.exit, created.stderr]).toEqual([0, expect.stringContaining("ServiceInstance")]);
    url = String(created.json["url"]);
  }, 120_000);

  afterAll(() => home.end("life"), 60_000);

  it("begins at the baseline and serves its shop", async () => {
    const status = as<StatusReport>(await home.run("scale", "status"));
    expect([status.topology, status.usdPerMonth]).toEqual([baseline, 7]);
    expect(status.steps.map(({ id, done, blockedBy }) => [id, done, blockedBy])).toEqual([
      ["connection-pooler", false, []],
      ["tier-standard", false, []],
      ["database-paid", false, ["connection-pooler"]],
      ["cache-redis", false, []],
      ["email-sendgrid", false, []],
      ["rate-limits-raised", false, []],
      ["tier-pro", false, ["tier-standard", "connection-pooler", "cache-redis"]],
      ["database-indexes", false, []],
      ["email-queue", false, ["connection-pooler"]],
      ["cdn", false, []],
      ["monitoring", false, []],
      ["read-replicas", false, ["connection-pooler", "database-paid", "cache-redis"]],
      ["partitioning", false, []],
      ["load-balancing", false, ["cache-redis"]],
      ["archiving", false, []],
      ["query-optimisation", false, []],
    ]);
    expect(as<{ ok: boolean }>(await home.run("scale", "verify")).ok).toBe(true);
  });

  it("is filled by a second creation when its first one did not come to that, and exists from then on", async () => {
    const fill = ["env", "create", "life", "--users", "50", "--products", "40"];
    const filled = await home.run(...fill);
    expect([filled.exit, filled.json["seeded"], filled.json["url"]]).toEqual([0, { users: 50, products: 40 }, url]);
    expect(await productsOf(url)).toHaveLength(20);
    expect([(await home.run(...fill)).exit, (await home.run("env", "create", "life")).exit]).toEqual([20, 20]);
  });

  it("shows the mails that were given up and lets them be tried again", async () => {
    const mails = async (...args: string[]) => home.run("mail", ...args);
    expect((await mails("failed")).json["mails"]).toEqual([]);
    const { paths, ports } = await loadLocalEnvironment(home.folder, "life");
    const database = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
    const [id = ""] = await asAdmin(database, "shop", async (client) => {
      const { rows } = await client.query<{ id: string }>(
        `insert into mail_outbox (event, kind, recipient, subject, body, state, attempts, last_error, ended_at)
         values ('order:1', 'order-confirmation', 'a@example.test', 's', 'b', 'failed', 12, '450', now()) returning id`,
      );
      return rows.map((row) => row.id);
    });
    const listed = await mails("failed");
    expect(listed.json["mails"]).toMatchObject([{ id, event: "order:1", domain: "example.test", error: "450" }]);
    expect(listed.stdout).not.toContain("a@example.test");
    expect((await mails("retry")).exit).toBe(2);
    expect(
      (
        await mails(
          "retry",
          id.replace(/^./, (c) => (c === "0" ? "1" : "0")),
        )
      ).exit,
    ).toBe(23);
    // No worker runs, so it is sent at once.
    expect((await mails("retry", id)).json).toMatchObject({ retried: [id], delivery: { sent: 1, failed: 0 } });
    expect((await mails("failed")).json["mails"]).toEqual([]);
    // As a retry leaves it that was killed before it delivered.
    await asAdmin(database, "shop", (client) =>
      client.query(
        `insert into mail_outbox (event, kind, recipient, subject, body)
         values ('order:2', 'order-confirmation', 'a@example.test', 's', 'b')`,
      ),
    );
    expect((await mails("retry", "--all")).json).toMatchObject({ retried: [], delivery: { sent: 1, failed: 0 } });
    expect((await mails("retry", "--all")).json).toMatchObject({ retried: [], delivery: { sent: 0, failed: 0 } });
  });

  it("is told how many mails a day its provider takes", async () => {
    const quota = async (...args: string[]) => home.run("mail", "quota", ...args);
    expect((await quota()).json).toMatchObject({ transport: "smtp", perDay: 500, isSet: false });
    expect((await quota("--per-day", "7000")).json).toMatchObject({ transport: "smtp", perDay: 7_000, isSet: true });
    expect((await quota("--plan")).json).toMatchObject({ transport: "smtp", perDay: 500, isSet: false });
    expect([(await quota("--per-day", "7000", "--plan")).exit, (await quota("--per-day", "0")).exit]).toEqual([2, 2]);
  });

  it("is neither created again nor removed where the backend knows nothing of it", async () => {
    const elsewhere = { PULUMI_BACKEND_URL: `file://${home.folder}/elsewhere` };
    for (const command of [
      ["env", "create", "life"],
      ["recover", "--env", "life"],
      ["scale", "status"],
    ]) {
      const refused = await home.runWith(elsewhere, ...command);
      expect([refused.exit, refused.json["message"]]).toEqual([
        17,
        `There is no state of "life" in file://${home.folder}/elsewhere`,
      ]);
    }
    expect(await productsOf(url)).toHaveLength(20);
    expect(as<{ ok: boolean }>(await home.run("scale", "verify")).ok).toBe(true);
  });

  it("refuses a step that another one must precede", async () => {
    const refused = await home.run("scale", "apply", "--step", "database-paid", "--yes", ...quick);
    expect([refused.exit, refused.json["message"]]).toEqual([5, "database-paid is blocked by connection-pooler"]);
  });

  it("previews a step with its resources and price, and changes nothing by it", async () => {
    const plan = await home.run("scale", "plan", "--step", "cache-redis", "--exit-code");
    expect([plan.exit, plan.json["usdPerMonthNow"], plan.json["usdPerMonthAfter"]]).toEqual([24, 7, 17]);
    const [step] = plan.json["steps"] as { resources: { operation: string; type: string }[] }[];
    expect(step?.resources.map(({ operation, type }) => `${operation} ${type}`)).toContain(
      "create shopctl:local:Redis",
    );
    expect(as<StatusReport>(await home.run("scale", "status")).topology).toEqual(baseline);
  });

  it("refuses a second shopctl while one is at work, and names it; one killed in the middle is taken over by the next (fault 21)", async () => {
    await register(url, "before@example.test");
    const killed = home.start("scale", "apply", ...twoSteps, "--yes", ...quick);
    await waitUntil("an update at work", () => isAt(home, "up"), 30_000);
    const second = await home.run("scale", "apply", ...twoSteps, "--yes", ...quick);
    expect([second.exit, second.json["code"], second.json["why"]]).toEqual([
      13,
      "locked",
      [
        expect.stringMatching(
          new RegExp(`^process ${killed.pid}, since .*: scale apply --env life ${twoSteps.join(" ")}$`),
        ),
      ],
    ]);
    await waitUntil("a resource in the making", () => killed.output().includes("PgBouncer"), 30_000);
    await killed.stop("SIGKILL");
    const status = as<StatusReport>(await home.run("scale", "status"));
    expect([status.unfinished?.step, status.unfinished?.stage, status.atWork]).toEqual([
      "connection-pooler",
      "up",
      undefined,
    ]);

    const again = await home.run("scale", "apply", ...twoSteps, "--yes", ...quick);
    expect([again.exit, again.json["usdPerMonthAfter"]]).toEqual([0, 7]);
    expect(again.json["takenOver"]).toEqual({ step: "connection-pooler", how: "go-on" });
    const records = again.json["steps"] as StepRecord[];
    expect(records.map(({ step, state, traffic }) => [step, state, traffic?.step.serverErrors])).toEqual(
      ["connection-pooler", "rate-limits-raised"].map((id) => [id, "done", 0]),
    );
  });

  it("is as its topology says on the host, with one process of each kind and nothing left over", async () => {
    const verified = as<{ ok: boolean; steps: { done: boolean }[] }>(await home.run("scale", "verify"));
    expect([verified.ok, verified.steps.filter(({ done }) => done).length]).toEqual([true, 2]);
    const { observation } = as<ShowReport>(await home.run("env", "show"));
    expect(observation.processes.map(({ component }) => component).toSorted()).toEqual([
      "mail-sink",
      "pgbouncer",
      "postgres",
      "router",
      "web",
    ]);
    expect(as<{ removed: string[] }>(await home.run("recover")).removed).toEqual([]);
    expect(await signIn(url, "before@example.test")).toBe(200);
  });

  it("builds indexes beside the traffic; killed half-way the rerun removes what is invalid and shows plans before and after", async () => {
    const { paths, ports } = await loadLocalEnvironment(home.folder, "life");
    const database = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
    const step = ["--step", "database-indexes", "--yes", ...quick];
    await asAdmin(database, "shop", async (slow) => {
      // A build waits for whoever has written before it began.
      await slow.query("begin; update product set stock = stock where id = 1");
      const killed = home.start("scale", "apply", ...step);
      await waitUntil(
        "a build at work",
        () =>
          asAdmin(database, "shop", async (client) => {
            const { rowCount } = await client.query("select 1 from pg_stat_progress_create_index");
            return rowCount === 1 ? true : undefined;
          }),
        30_000,
      );
      // Two ways: the database may know of the build before its word of it is here.
      await waitUntil("its word", () => killed.output().includes("product_words for search by words (1 of 6)"));
      await killed.stop("SIGKILL");
    });
    const again = await home.run("scale", "apply", ...step);
    expect([again.exit, again.json["takenOver"]]).toEqual([0, { step: "database-indexes", how: "go-on" }]);
    const [record] = again.json["steps"] as StepRecord[];
    expect(record).toMatchObject({ state: "done", traffic: { step: { serverErrors: 0 } } });
    expect(record?.queryPlans?.map(({ before, after }) => [before?.node, after !== undefined])).toEqual(
      databaseIndexes.map(() => ["Seq Scan on product", true]),
    );
    expect(newestRecord(home)?.queryPlans).toEqual(record?.queryPlans);
    expect(as<{ ok: boolean }>(await home.run("scale", "verify")).ok).toBe(true);
    const back = await home.run("scale", "rollback", ...step);
    expect([back.exit, (back.json["steps"] as StepRecord[])[0]?.state]).toEqual([0, "done"]);
  });

  it("takes a step back by itself when a process dies in its gate", async () => {
    // Longer than a busy machine needs to see that the gate has begun.
    const rollback = home.run("scale", "rollback", "--step", "rate-limits-raised", "--yes", "--window", "6");
    await waitUntil("the gate", () => isAt(home, "gate"), 60_000);
    const { processes } = await localTarget(await loadLocalEnvironment(home.folder, "life")).observe();
    process.kill(processes.find(({ component }) => component === "web")!.pid!, "SIGKILL");
    const { exit, json } = await rollback;
    expect([exit, json["code"]]).toEqual([11, "gate-failed"]);
    const status = as<StatusReport>(await home.run("scale", "status"));
    expect([status.topology.limits, status.unfinished]).toEqual(["raised", undefined]);
    expect(newestRecord(home)).toMatchObject({ state: "returned", stage: "back" });
  });

  it("says that a torn or lost state is damaged, and recovers the last sound one (fault 22)", async () => {
    const file = join(home.folder, "state/.pulumi/stacks/shopctl/life.json");
    const whole = readFileSync(file, "utf8");
    truncateSync(file, Math.floor(whole.length / 2));
    const torn = await home.run("scale", "status");
    expect([torn.exit, torn.json["code"], torn.json["nextActions"]]).toEqual([
      17,
      "state-corrupt",
      [
        "shopctl recover --env life",
        "shopctl env destroy life --force --confirm life   (last resort: its data goes too)",
      ],
    ]);
    const recovered = await home.run("recover");
    expect([recovered.exit, recovered.json["restoredState"]]).toEqual([0, expect.objectContaining({})]);
    rmSync(file);
    expect((await home.run("scale", "status")).json["code"]).toBe("state-corrupt");
    expect((await home.run("recover")).json["restoredState"]).toEqual(expect.objectContaining({}));
    expect(as<StatusReport>(await home.run("scale", "status")).topology.pooler).toBe("pgbouncer");
  });

  it("is gone after its destruction by force, with every process and file, although its state is lost for good", async () => {
    const backend = join(home.folder, "state/.pulumi");
    for (const kind of ["stacks", "backups"]) {
      for (const file of filesBelow(join(backend, kind, "shopctl"))) truncateSync(file, 10);
    }
    expect((await home.run("env", "destroy", "life", "--confirm", "life")).exit).toBe(17);
    const unconfirmed = await home.run("env", "destroy", "life", "--force");
    expect([unconfirmed.exit, unconfirmed.json["nextActions"]]).toEqual([
      8,
      ["shopctl env destroy life --force --confirm life"],
    ]);
    const destroyed = await home.run("env", "destroy", "life", "--force", "--confirm", "life");
    expect([destroyed.exit, destroyed.json["environment"]]).toEqual([0, "life"]);
    expect(home.processes()).toEqual([]);
    expect(readdirSync(join(home.folder, "environments"))).toEqual([]);
    expect(filesBelow(join(backend, "stacks", "shopctl"))).toEqual([]);
  });
});

function as<T>({ json }: Outcome): T {
  return json as T;
}

/** Whether a run is at work in a stage right now. */
function isAt(home: ShopctlHome, stage: StepRecord["stage"]): boolean {
  const record = newestRecord(home);
  return record?.state === "running" && record.stage === stage;
}

function newestRecord(home: ShopctlHome): StepRecord | undefined {
  const folder = join(home.folder, "environments/life/rollouts");
  const name = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .at(-1);
  return name === undefined ? undefined : (JSON.parse(readFileSync(join(folder, name), "utf8")) as StepRecord);
}
