import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dashboards } from "../../../dashboards/dashboard-file.ts";
import { osUser } from "../../../infra/local/host/os-users.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { ensureMonitorRole } from "../../../infra/local/monitoring/monitor-role.ts";
import { prometheusRules, prometheusTargets } from "../../../infra/local/monitoring/ask-prometheus.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { withLock } from "../../../infra/local/replication/with-lock.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import { startSmtpReceiver, type MailReceiver } from "../../support/mail-receivers.ts";
import { metricsIn } from "../../support/metrics-in.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { postgresInputs, TestEnvironment, type Held } from "./support/test-environment.ts";

const password = "cache-password-for-tests";
/** Evaluated every second, so that the test is not about waiting. */
const rules = `groups:
  - name: test
    interval: 1s
    rules:
      - alert: CacheDown
        expr: redis_up == 0
        annotations: { summary: Redis does not answer }
`;

let it: TestEnvironment;
let mailbox: MailReceiver;
let redis: Held;
let prometheus: Held;

beforeAll(async () => {
  mailbox = await startSmtpReceiver();
  it = await TestEnvironment.create();
  const { paths, ports } = it.environment;
  redis = await it.make("Redis", { paths, port: ports.redis, maxMemoryMiB: 32, password });
  await it.make("PostgresServer", postgresInputs(it.environment));
  await it.make("Exporter", { paths, kind: "redis", port: ports.redisExporter, sourcePort: ports.redis, password });
  await it.make("Alertmanager", {
    paths,
    port: ports.alertmanager,
    smtpPort: Number(new URL(mailbox.url).port),
    smtpPassword: "mail-test-password",
    from: "alerts@example.test",
    to: "operator@example.test",
  });
  prometheus = await it.make("Prometheus", inputs());
});
afterAll(async () => {
  await it.destroy();
  await mailbox.stop();
});

function inputs(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { paths, ports } = it.environment;
  return {
    paths,
    environment: "test",
    port: ports.prometheus,
    alertmanagerPort: ports.alertmanager,
    targets: [{ job: "redis", instance: "redis", port: ports.redisExporter }],
    rules,
    retentionDays: 1,
    retentionGiB: 1,
    ...changes,
  };
}

/** The account that the exporter signs in as, where there is one. */
async function monitorRole(): Promise<readonly unknown[]> {
  const { paths, ports } = it.environment;
  const target = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
  const { rows } = await asAdmin(target, "shop", (client) =>
    client.query(
      "select rolsuper, pg_has_role(oid, 'pg_monitor', 'member') as statistics from pg_roles where rolname = $1",
      [osUser("prometheus").name],
    ),
  );
  return rows;
}

test("the rules of who is let into a database are not written while another server joins it", async () => {
  const { paths, ports } = it.environment;
  const database = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
  let watched: Promise<string> = Promise.resolve("");
  await withLock(paths, "roles", async () => {
    watched = ensureMonitorRole(paths, database).then(() => "watched");
    expect(await Promise.race([watched, delay(500, "waits")])).toBe("waits");
  });
  expect(await watched).toBe("watched");
});

test("a database can be watched by an account that reads statistics and nothing of the shop", async () => {
  const { paths, ports } = it.environment;
  const exporter = await it.make("Exporter", {
    paths,
    kind: "postgres",
    port: ports.postgresExporter,
    sourcePort: ports.postgres,
  });
  const text = await (await fetch(`http://127.0.0.1:${ports.postgresExporter}/metrics`)).text();
  expect(/^pg_stat_database_xact_commit\{.*datname="shop".*\} \d/m.test(text)).toBe(true);
  expect(await monitorRole()).toEqual([{ rolsuper: false, statistics: true }]);
  await it.remove("Exporter", exporter);
  expect(await monitorRole()).toEqual([]);
});

test("what the dashboards ask the exporters of Postgres and Redis for is what those say", async () => {
  const { paths, ports } = it.environment;
  const exporter = await it.make("Exporter", {
    paths,
    kind: "postgres",
    port: ports.postgresExporter,
    sourcePort: ports.postgres,
  });
  const said = await Promise.all(
    [ports.postgresExporter, ports.redisExporter].map(async (port) =>
      (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    ),
  );
  await it.remove("Exporter", exporter);
  const asked = dashboards
    .flatMap(({ rows }) => rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries)))
    .flatMap(({ expr }) => metricsIn(expr))
    .filter((name) => /^(pg|redis)_/.test(name));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((name) => !said.some((text) => text.includes(`\n${name}`)))).toEqual([]);
});

test("the exporter of Redis says the cache's password to no other server that it is asked to look at", async () => {
  let heard = "";
  const stranger = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      heard += data.toString();
      socket.write("+OK\r\n");
    });
  }).listen(0, "127.0.0.1");
  await once(stranger, "listening");
  const { port } = stranger.address() as AddressInfo;
  const asked = `http://127.0.0.1:${it.environment.ports.redisExporter}/scrape?target=redis://127.0.0.1:${port}`;
  await fetch(asked, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  stranger.close();
  expect(heard).toContain("INFO");
  expect(heard).not.toContain(password);
});

test("a Grafana finds its data source and dashboards in the environment's folder, until they are taken out", async () => {
  const { paths, ports } = it.environment;
  const folder = join(paths.config, "grafana");
  const files = { paths, environment: "test", prometheusPort: ports.prometheus, dashboards: { "a.json": "{}\n" } };
  const held = await it.make("GrafanaFiles", files);
  expect(parse(readFileSync(join(folder, "provisioning", "datasources", "shopctl.yaml"), "utf8"))).toMatchObject({
    datasources: [{ type: "prometheus", url: `http://127.0.0.1:${ports.prometheus}` }],
  });
  const dashboardsOf = parse(readFileSync(join(folder, "provisioning", "dashboards", "shopctl.yaml"), "utf8")) as {
    providers: { options: { path: string } }[];
  };
  const path = dashboardsOf.providers[0]?.options.path ?? "";
  expect(readdirSync(path)).toEqual(["a.json"]);
  const changed = await it.change("GrafanaFiles", held, { ...files, dashboards: { "b.json": "{}\n" } });
  expect(readdirSync(path)).toEqual(["b.json"]);
  await it.remove("GrafanaFiles", changed);
  expect(existsSync(folder)).toBe(false);
});

test("new targets and rules are a reload: the process stays, and what it measured", async () => {
  const { ports } = it.environment;
  const before = serviceState(it.service("prometheus")).pid;
  const targets = [
    { job: "redis", instance: "redis", port: ports.redisExporter },
    { job: "alertmanager", instance: "alertmanager", port: ports.alertmanager },
  ];
  prometheus = await it.change("Prometheus", prometheus, inputs({ targets }));
  expect(serviceState(it.service("prometheus")).pid).toBe(before);
  expect((await prometheusTargets(ports.prometheus)).map(({ job }) => job).toSorted()).toEqual([
    "alertmanager",
    "redis",
  ]);
  expect(await prometheusRules(ports.prometheus)).toEqual({ rules: 1, failing: 0 });
});

test("rules that Prometheus does not take fail the change and leave the old ones at work", async () => {
  const broken = it.change("Prometheus", prometheus, inputs({ rules: "groups: [{ name: broken, rules: [{}] }]" }));
  await expect(broken).rejects.toThrow("Prometheus does not take its new configuration and keeps the old one");
  expect((await prometheusRules(it.environment.ports.prometheus)).rules).toBe(1);
  prometheus = await it.change("Prometheus", prometheus, inputs());
});

test("an alert reaches the operator by mail", async () => {
  await it.remove("Redis", redis);
  const mail = await waitUntil("the mail", async () => mailbox.mails[0], 110_000);
  expect(mail.to).toEqual(["operator@example.test"]);
  expect(mail.content).toContain("CacheDown");
}, 120_000);
