import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadLocalEnvironment } from "../../../infra/environment/require-target.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import type { DriftReport } from "../../../cli/rollout/drift-report.ts";
import type { ShowReport } from "../../../cli/rollout/show-report.ts";
import type { StepRecord } from "../../../cli/rollout/step-record.ts";
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

  it("a switch without a second server is refused", async () => {
    const refused = await home.run("db", "switchover", "--yes");
    expect([refused.exit, refused.json["message"]]).toEqual([5, "No such replica"]);
  });

  it("the step is applied, and what it promises holds", async () => {
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
  });

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
    expect(as<{ ok: boolean }>(await home.run("scale", "verify")).ok).toBe(true);
    const refused = await home.run("db", "failover", "--yes");
    expect([refused.exit, String(refused.json["why"])]).toEqual([5, expect.stringContaining("db switchover")]);
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

  async function ordersNow(): Promise<number> {
    const { paths, ports } = await loadLocalEnvironment(home.folder, "two");
    const target = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
    const found = await asAdmin(target, "shop", (client) =>
      client.query<{ count: number }>("select count(*)::int as count from orders"),
    );
    return found.rows[0]?.count ?? -1;
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
