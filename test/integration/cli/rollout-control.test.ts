import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPause } from "../../../cli/adapters/pause-mark.ts";
import { RolloutRecords } from "../../../cli/adapters/rollout-records.ts";
import type { DriftReport } from "../../../cli/rollout/drift-report.ts";
import type { RecoveryFinding } from "../../../cli/rollout/recovery-findings.ts";
import type { StatusReport } from "../../../cli/rollout/status-report.ts";
import type { StepRecord } from "../../../cli/rollout/step-record.ts";
import { readCredentials } from "../../../infra/environment/stack.ts";
import { loadLocalEnvironment } from "../../../infra/environment/require-target.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { localTarget } from "../../../infra/local/local-target.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { onRedis } from "../../../infra/local/redis/redis-connection.ts";
import { control, serviceState } from "../../../infra/local/supervision/service-control.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { ShopctlHome, type Outcome } from "./shopctl.ts";

const quick = ["--window", "2", "--yes"];
const two = ["--step", "cache-redis", "--step", "connection-pooler"];

/** How a rollout is planned ahead, held and walked back: one environment, by the commands that a user types. */
describe("a rollout under control", { timeout: 180_000 }, () => {
  const home = new ShopctlHome();
  const file = join(home.folder, "plan.json");

  beforeAll(async () => {
    const created = await home.run("env", "create", "held");
    expect([created.exit, created.stderr]).toEqual([0, expect.stringContaining("ServiceInstance")]);
  }, 120_000);

  afterAll(() => home.end("held"), 60_000);

  it("is saved as a plan for its owner alone, without a secret in it", async () => {
    const planned = await home.run("scale", "plan", ...two, "--out", file);
    expect([planned.exit, planned.json["nextActions"]]).toEqual([0, [`shopctl scale apply --env held --plan ${file}`]]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, "utf8");
    const credentials = await readCredentials(await loadLocalEnvironment(home.folder, "held"));
    const passphrase = readFileSync(join(home.folder, "passphrase"), "utf8").trim();
    expect([passphrase, ...Object.values(credentials)].filter((secret) => text.includes(secret))).toEqual([]);
  });

  it("is not run from a plan that was changed", async () => {
    const changed = join(home.folder, "changed.json");
    writeFileSync(changed, readFileSync(file, "utf8").replace('"cache": "redis"', '"cache": "memory"'));
    const refused = await home.run("scale", "apply", "--plan", changed, ...quick);
    expect([refused.exit, refused.json["why"]]).toEqual([
      2,
      ["its content does not match its checksum: it was changed after it was saved"],
    ]);
  });

  it("is run from its plan, holds between two steps when it is paused, and goes on by itself when it is resumed", async () => {
    const nobody = await home.run("scale", "pause");
    expect([nobody.exit, nobody.json["message"]]).toEqual([5, 'No rollout is at work on "held"']);
    const run = home.start("scale", "apply", "--plan", file, ...quick);
    await paused("connection-pooler");
    expect((await home.run("scale", "resume")).json["state"]).toBe("resumed");
    expect([await run.exited, run.output()]).toEqual([0, expect.stringContaining("paused before connection-pooler")]);
    expect((await status(home)).topology).toEqual({ ...baseline, cache: "redis", pooler: "pgbouncer" });
  });

  it("is not run from a plan when the state has moved since, and says what moved", async () => {
    const stale = await home.run("scale", "apply", "--plan", file, ...quick);
    expect([stale.exit, stale.json["code"]]).toEqual([25, "plan-stale"]);
    expect(stale.json["message"]).toBe(`${file} no longer holds: state, topology, prices moved; nothing was done`);
    expect(stale.json["why"]).toEqual([
      expect.stringMatching(/^state: planned on "[0-9a-f]{12}", now "[0-9a-f]{12}"$/),
      'topology: planned on "pooler none", now "pooler pgbouncer"',
      'topology: planned on "cache memory", now "cache redis"',
      expect.stringMatching(/^prices: planned on ".*", now ".*"$/),
    ]);
  });

  it("keeps the query, the values and the verdict of each gate in the history", async () => {
    const history = await home.run("scale", "history", "--limit", "2");
    const [record] = history.json["steps"] as StepRecord[];
    expect(record?.gate?.outcome).toBe("passed");
    expect(
      record?.gate?.checks.map(({ check, value, limit, outcome }) => [check, typeof value, limit, outcome]),
    ).toEqual([
      ["server-errors", "number", 0, "passed"],
      ["probe-failures", "number", 0, "passed"],
      ["response-p95-ms", "number", 2_000, "passed"],
      ["restarts", "number", 0, "passed"],
      ["requests", "number", 19, "passed"],
    ]);
    expect(record?.gate?.checks[0]?.query).toContain("haproxy_backend_http_responses_total");
  });

  it("has no drift while nobody touches anything by hand", async () => {
    const drift = await home.run("drift");
    expect([drift.exit, drift.json["verdict"], drift.json["differences"]]).toEqual([0, "none", []]);
  });

  it("has harmless drift in what nobody depends on, with exit 0", async () => {
    const { paths, ports } = await loadLocalEnvironment(home.folder, "held");
    await asAdmin(
      { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres },
      "shop",
      async (client) => {
        await client.query("alter system set log_min_duration_statement = '900ms'");
        await client.query("create table scratch as select 1 as one from generate_series(1, 2)");
        await client.query("create unique index concurrently scratch_one on scratch (one)").catch(() => undefined);
      },
    );
    const drift = await home.run("drift");
    expect([drift.exit, drift.json["verdict"], differencesOf(drift)]).toEqual([
      0,
      "harmless",
      [
        "postgres setting log_min_duration_statement: 900ms by alter system",
        "index public.scratch_one index: public.scratch_one",
      ],
    ]);
    const recovered = await home.run("recover");
    expect([recovered.exit, recovered.json["removed"]]).toEqual([0, ["index public.scratch_one"]]);
  });

  it("tells serious drift by exit 7 and touches none of it", async () => {
    const environment = await loadLocalEnvironment(home.folder, "held");
    const { paths, ports } = environment;
    const places = componentPlaces(paths);
    const admin = { sockets: places.postgres.sockets, port: ports.postgres };
    const config = join(places.router.config, "haproxy.cfg");
    const { processes } = await localTarget(environment).observe();
    const sink = processes.find(({ component }) => component === "mail-sink")!.pid!;
    const { redis: password } = await readCredentials(environment);
    const cache = { port: ports.redis, password };
    const edited = readFileSync(config, "utf8").replace("timeout client 30s", "timeout client 3s");
    writeFileSync(config, edited);
    await asAdmin(admin, "shop", (client) => client.query("alter role shop createdb"));
    await onRedis(cache, (client) => client.config("SET", "maxmemory", "1mb"));
    process.kill(sink, "SIGSTOP");
    const state = readFileSync(join(home.folder, "state/.pulumi/stacks/shopctl/held.json"), "utf8");
    try {
      const drift = await home.run("drift");
      expect([drift.exit, drift.json["verdict"]]).toEqual([7, "serious"]);
      expect(differencesOf(drift).toSorted()).toEqual([
        "mail-sink process: stopped by a signal",
        "postgres role shop: createdb",
        "postgres setting log_min_duration_statement: 900ms by alter system",
        "redis maxmemory: 1 MiB",
        expect.stringMatching(/^router haproxy.cfg: changed from line \d+ on$/),
      ]);
      expect(readFileSync(config, "utf8")).toBe(edited);
      expect(readFileSync(join(home.folder, "state/.pulumi/stacks/shopctl/held.json"), "utf8")).toBe(state);
      expect(await onRedis(cache, (client) => client.config("GET", "maxmemory"))).toEqual(["maxmemory", "1048576"]);
      const after = (await localTarget(environment).observe()).processes;
      expect(after.map(({ name, pid }) => [name, pid])).toEqual(processes.map(({ name, pid }) => [name, pid]));
    } finally {
      process.kill(sink, "SIGCONT");
    }
  });

  it("drifts seriously when a process is down", async () => {
    const { paths } = await loadLocalEnvironment(home.folder, "held");
    await control(join(paths.services, "mail-sink"), "d");
    await waitUntil(
      "the mail sink down",
      () => serviceState(join(paths.services, "mail-sink")).pid === undefined,
      10_000,
    );
    const drift = await home.run("drift");
    expect([drift.exit, differencesOf(drift)]).toEqual([7, expect.arrayContaining(["mail-sink process: down"])]);
    await control(join(paths.services, "mail-sink"), "u");
  });

  it("stays paused when its process is killed, until it is resumed", async () => {
    const run = home.start("scale", "rollback", "--to", "0", ...quick);
    await paused("connection-pooler");
    await run.stop("SIGKILL");
    const refused = await home.run("scale", "apply", ...two, ...quick);
    expect([refused.exit, refused.json["code"], refused.json["nextActions"]]).toEqual([
      26,
      "paused",
      ["shopctl scale resume --env held"],
    ]);
    const resumed = await home.run("scale", "resume");
    expect([resumed.exit, resumed.json["state"], resumed.json["nextActions"]]).toEqual([
      0,
      "cleared",
      ["shopctl scale rollback --env held --to 0   (goes on)"],
    ]);
    expect((await status(home)).topology).toEqual({ ...baseline, pooler: "pgbouncer" });
  });

  it("is recovered when it was killed in the middle of a step, after saying how, and then walks back to the baseline", async () => {
    const killed = home.start("scale", "rollback", "--to", "0", ...quick);
    const stateFile = join(home.folder, "state/.pulumi/stacks/shopctl/held.json");
    await waitUntil("an update at work", () => readFileSync(stateFile, "utf8").includes("pending_operations"), 60_000);
    await killed.stop("SIGKILL");
    const before = await status(home);
    const said = await home.run("recover", "--dry-run");
    const findings = said.json["findings"] as RecoveryFinding[];
    expect([said.exit, said.json["removed"], findings.map(({ kind }) => kind)]).toEqual([
      0,
      [],
      expect.arrayContaining(["lock", "pending-operations", "step"]),
    ]);
    expect(await status(home)).toEqual(before);
    const recovered = await home.run("recover");
    expect([recovered.exit, recovered.json["wentOn"]]).toEqual([0, { step: "connection-pooler", how: "settle" }]);
    expect((await status(home)).unfinished).toBeUndefined();
    const done = await home.run("scale", "rollback", "--to", "0", ...quick);
    const records = done.json["steps"] as StepRecord[];
    expect([done.exit, records.map(({ step, direction, state }) => [step, direction, state])]).toEqual([
      0,
      [["connection-pooler", "rollback", "done"]],
    ]);
    expect((await status(home)).topology).toEqual(baseline);
    const refused = await home.run("scale", "rollback", "--to", "cache-redis");
    expect([refused.exit, refused.json["message"]]).toEqual([
      5,
      "cache-redis is not done, so there is no way back to it",
    ]);
  });

  /** Asks the rollout at work to hold, and waits until it does before a step. */
  async function paused(before: string): Promise<void> {
    const { root } = (await loadLocalEnvironment(home.folder, "held")).paths;
    const records = new RolloutRecords(root);
    await waitUntil("a step at work", async () => (await records.list())[0]?.state === "running", 60_000);
    const asked = await home.run("scale", "pause");
    expect([asked.exit, asked.json["state"]]).toEqual([0, "requested"]);
    await waitUntil("the hold", async () => (await readPause(root))?.heldSince !== undefined, 60_000);
    expect((await status(home)).paused).toMatchObject({ before });
  }
});

/** Each in one line, as `drift` found them. */
function differencesOf({ json }: Outcome): readonly string[] {
  const { differences } = json as unknown as DriftReport;
  return differences.map(({ resource, what, found }) => `${resource} ${what}: ${found}`);
}

async function status(home: ShopctlHome): Promise<StatusReport> {
  return (await home.run("scale", "status")).json as unknown as StatusReport & Outcome["json"];
}
