import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cdn } from "../../../cli/phases/cdn.ts";
import { monitoring } from "../../../cli/phases/monitoring.ts";
import { EmbeddedEngine } from "../../../infra/engine/embedded/embedded-engine.ts";
import type { OperationResult } from "../../../infra/engine/engine.ts";
import type { LocalEnvironment } from "../../../infra/environment/environment.ts";
import { createEnvironment } from "../../../infra/environment/store.ts";
import { configureTopology, initialiseStack, stackOf } from "../../../infra/environment/stack.ts";
import { installation } from "../../../infra/installation.ts";
import { listGroups } from "../../../infra/local/host/cgroup.ts";
import { processesInside } from "../../../infra/local/host/process-identity.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { localTarget } from "../../../infra/local/local-target.ts";
import { createBackup, restoreBackup } from "../../../infra/local/operations/backups.ts";
import { readLogs } from "../../../infra/local/operations/logs.ts";
import { findOrphans, removeOrphans } from "../../../infra/local/operations/orphans.ts";
import { seedShop } from "../../../infra/local/operations/seed.ts";
import { liveServers } from "../../../infra/local/router/runtime-api.ts";
import { removeEnvironmentFiles } from "../../../infra/local/operations/teardown.ts";
import { routes } from "../../../service/contract/routes.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import type { Topology } from "../../../infra/topology/topology.ts";
import { signUp } from "../../support/shop-customer.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { startOutsideLoad } from "../../support/outside-load.ts";
import { newHome } from "./support/test-environment.ts";

const engine = new EmbeddedEngine();
const afterPhase1: Topology = {
  ...baseline,
  tier: "standard",
  database: "paid",
  pooler: "pgbouncer",
  cache: "redis",
  mail: "sendgrid",
  limits: "raised",
};
let home: string;
let first: LocalEnvironment;
let second: LocalEnvironment;

beforeAll(async () => {
  expect(existsSync(installation.program), "dist/ is built (npm run build)").toBe(true);
  home = newHome();
  first = await createEnvironment({ name: "first", home });
  second = await createEnvironment({ name: "second", home });
  for (const environment of [first, second]) await initialiseStack(environment, baseline);
});

afterAll(async () => {
  for (const environment of [first, second]) await removeEnvironmentFiles(environment);
  rmSync(home, { recursive: true, force: true });
});

async function up(environment: LocalEnvironment, topology: Topology): Promise<OperationResult> {
  await configureTopology(environment, topology);
  return engine.up(stackOf(environment), {});
}

/** The first environment at the baseline with something to sell, whichever test needs it first. */
const filled = async (): Promise<unknown> =>
  await (filling ??= up(first, baseline).then(() => seedShop(first, { users: 5, products: 20 })));
let filling: Promise<unknown> | undefined;

/** Begins an update in another process and kills that when `operation` starts or, with a file, when it changes that. */
async function upAndDie(
  environment: LocalEnvironment,
  topology: Topology,
  operation: string,
  file?: string,
): Promise<void> {
  const script = join(import.meta.dirname, "fixtures", "up-and-die.ts");
  const args = [script, home, environment.name, JSON.stringify(topology), operation];
  const child = spawn(process.execPath, file === undefined ? args : [...args, file], {
    env: { ...process.env, SHOPCTL_HOME: home },
    stdio: "inherit",
  });
  const [, signal] = (await once(child, "exit")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
}

/** Whether a process was started by `upAndDie`, and not by a test of another file that runs beside this one. */
function isOurs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`SHOPCTL_HOME=${home}`);
  } catch {
    return false;
  }
}

const orphansOf = async (environment: LocalEnvironment): ReturnType<typeof findOrphans> =>
  findOrphans(environment, (await engine.exportState(stackOf(environment))).deployment.resources ?? []);
const urlOf = (environment: LocalEnvironment): string =>
  `http://127.0.0.1:${environment.ports.router}/shop/api/products/`;

test("a creation that was killed twice is finished by the next run, without orphans", async () => {
  await upAndDie(first, baseline, "create postgres");
  await upAndDie(first, baseline, "create web-1");
  const startedAt = performance.now();
  const { outputs } = await up(first, baseline);
  console.log(`rest of the creation: ${Math.round(performance.now() - startedAt)} ms`);
  expect(outputs).toMatchObject({ topology: baseline, url: `http://127.0.0.1:${first.ports.router}` });
  expect((await fetch(urlOf(first))).status).toBe(200);
  expect(await orphansOf(first)).toEqual([]);
}, 90_000);

test("a second environment stands beside the first, and an unchanged one is left alone", async () => {
  const startedAt = performance.now();
  const created = await up(second, baseline);
  console.log(`creation of a baseline: ${Math.round(performance.now() - startedAt)} ms`);
  expect(created.changes.create).toBe(20);
  expect((await up(first, baseline)).changes).toEqual({ same: 20 });
  for (const environment of [first, second]) expect((await fetch(urlOf(environment))).status).toBe(200);
}, 90_000);

test("cdn and monitoring are put in and taken out under load, and no request fails", async () => {
  const load = startOutsideLoad({ url: `http://127.0.0.1:${second.ports.router}`, clients: 20, maxMs: 60_000 });
  const cdnNow = async (): Promise<unknown> => (await localTarget(second).observe()).cdn;
  await up(second, { ...baseline, cdn: "nginx" });
  expect(await cdnNow()).toEqual({ secondAnswer: "HIT" });
  expect(Object.keys((await up(second, { ...baseline, cdn: "nginx" })).changes)).toEqual(["same"]);
  const watched: Topology = { ...baseline, cdn: "nginx", monitoring: "prometheus" };
  await up(second, watched);
  const observed = await localTarget(second).observe();
  for (const step of [cdn, monitoring]) expect(step.verify(observed).filter(({ ok }) => !ok)).toEqual([]);
  expect(observed.monitoring?.targets.map(({ job }) => job)).toContain("cdn");
  expect(existsSync(join(second.paths.config, "grafana", "dashboards", "shop-overview.json"))).toBe(true);
  expect(await orphansOf(second)).toEqual([]);
  await up(second, baseline);
  const undone = await localTarget(second).observe();
  for (const step of [cdn, monitoring]) expect(step.verifyUndone(undone).filter(({ ok }) => !ok)).toEqual([]);
  expect(await orphansOf(second)).toEqual([]);
  const { requests, failures } = await load.stop();
  expect([requests > 100, failures.filter((failure) => !failure.includes(": 404 "))]).toEqual([true, []]);
}, 90_000);

test("an update that was killed when the router had moved is taken back under load, and the shop goes on", async () => {
  await filled();
  const load = startOutsideLoad({ url: `http://127.0.0.1:${first.ports.router}`, clients: 20, maxMs: 60_000 });
  const places = componentPlaces(first.paths).router;
  const [before] = await liveServers(places.socket, "shop");
  const raised: Topology = { ...baseline, limits: "raised" };
  await upAndDie(first, raised, "update router", join(places.config, "haproxy.cfg"));
  // The provider has nobody to report to any more and ends as well.
  await waitUntil("the provider's end", () => processesInside(installation.provider).filter(isOurs).length === 0);
  expect((await up(first, baseline)).changes.update).toBe(1);
  expect((await liveServers(places.socket, "shop")).map(({ name, status }) => [name, status])).toEqual([
    [before?.name, "UP"],
  ]);
  expect((await up(first, baseline)).changes).toEqual({ same: 20 });
  expect(await orphansOf(first)).toEqual([]);
  const { requests, failures } = await load.stop();
  expect([requests > 100, failures]).toEqual([true, []]);
}, 90_000);

const hitlessMoves: readonly (readonly [fault: number, what: string, moves: readonly Partial<Topology>[]])[] = [
  [2, "PgBouncer is put between shop and database", [{ pooler: "pgbouncer" }]],
  [3, "the tier changes", [{ tier: "standard" }]],
  [4, "instances are replaced one after the other", [{ instances: 2 }, { instances: 2, limits: "raised" }]],
];
test.for(hitlessMoves)(
  "fault %i: %s under load, and no request fails",
  { timeout: 100_000 },
  async ([, , moves], { annotate }) => {
    await filled();
    const load = startOutsideLoad({ url: `http://127.0.0.1:${first.ports.router}`, clients: 60, maxMs: 90_000 });
    for (const move of moves) await up(first, { ...baseline, ...move });
    await up(first, baseline);
    const { requests, failures, longestMs } = await load.stop();
    await annotate(`${failures.length} of ${requests} requests failed, longest ${Math.round(longestMs)} ms`, "figure");
    expect([requests > 50, failures]).toEqual([true, []]);
  },
);

test("phase 1 at once, killed in the middle there and back, and all the way back: no request fails, no row is lost", async () => {
  const load = startOutsideLoad({ url: `http://127.0.0.1:${first.ports.router}`, clients: 20, maxMs: 140_000 });
  await upAndDie(first, { ...baseline, pooler: "pgbouncer" }, "update router");
  await up(first, { ...baseline, pooler: "pgbouncer" });
  expect(await orphansOf(first)).toEqual([]);
  await upAndDie(first, baseline, "delete pgbouncer");
  await up(first, { ...baseline, pooler: "pgbouncer" });
  expect((await localTarget(first).observe()).pooler?.serverConnections).toBeGreaterThan(0);
  expect(await orphansOf(first)).toEqual([]);
  await configureTopology(first, afterPhase1);
  const planned = await engine.preview(stackOf(first), {});
  expect((await up(first, afterPhase1)).changes).toEqual(planned.changes);
  const observed = await localTarget(first).observe();
  expect(observed.database).toMatchObject({
    maxConnections: 100,
    sharedBuffersMiB: 256,
    backupSchedule: true,
    backups: [],
  });
  expect(observed.limits).toEqual({ login: 50, registration: 50, search: 200, api: 200 });
  expect(observed.pooler?.serverConnections).toBeGreaterThan(0);
  expect(observed.cache?.maxBytes).toBe(64 * 1_048_576);
  expect(observed.processes.map((process) => `${process.component} ${process.state}`).toSorted()).toEqual(
    ["backup-schedule", "mail-sink", "pgbouncer", "postgres", "redis", "router", "web"].map(
      (component) => `${component} up`,
    ),
  );
  await restoreForgetsWhoCameAfterTheBackup();
  await up(first, baseline);
  const { requests, failures, longestMs } = await load.stop();
  console.log(`phase 1 and back: ${requests} requests, longest ${Math.round(longestMs)} ms`);
  expect(failures).toEqual([]);
  expect(requests).toBeGreaterThan(200);
  expect((await localTarget(first).observe()).pooler).toBeUndefined();
  const page = (await (await fetch(`${urlOf(first)}?limit=50`)).json()) as { items: unknown[] };
  expect(page.items.length).toBe(20);
}, 150_000);

/** A token of an account that the restore took away opens no account, neither from a cache nor one with the same id. */
async function restoreForgetsWhoCameAfterTheBackup(): Promise<void> {
  const url = `http://127.0.0.1:${first.ports.router}`;
  const me = async (token: string): Promise<{ status: number; id: unknown }> => {
    const response = await fetch(`${url}${routes.me}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, id: ((await response.json()) as { id?: unknown }).id };
  };
  const { id: backup } = await createBackup(first);
  const late = await signUp(url, "late@example.test");
  const lateAnswer = await me(late);
  expect(lateAnswer.status).toBe(200);
  await restoreBackup(first, backup);
  const next = await signUp(url, "next@example.test");
  expect((await me(late)).status).toBe(401);
  const nextAnswer = await me(next);
  expect([nextAnswer.status, Number(nextAnswer.id) > Number(lateAnswer.id)]).toEqual([200, true]);
}

test("scrape endpoints answer, and logs are those of the processes", async () => {
  for (const { url } of await localTarget(first).scrapeEndpoints()) expect((await fetch(url)).status).toBe(200);
  const lines = [];
  for await (const line of readLogs(first, { process: "postgres", lines: 5, follow: false })) lines.push(line);
  expect(lines.length).toBe(5);
  expect(lines.every((line) => line.process === "postgres" && /^\d{4}-.*Z$/.test(line.at))).toBe(true);
  await expect(readLogs(first, { process: "nothing", lines: 1, follow: false }).next()).rejects.toMatchObject({
    code: "unknown-process",
  });
});

test("what no resource owns is found and removed", async () => {
  const stray = join(first.paths.services, "web-9-ffffffff");
  mkdirSync(stray, { recursive: true });
  const orphans = await orphansOf(first);
  expect(orphans).toEqual([{ kind: "service", name: "web-9-ffffffff" }]);
  await removeOrphans(first, orphans);
  expect(await orphansOf(first)).toEqual([]);
  expect((await fetch(urlOf(first))).status).toBe(200);
});

test("after destroy nothing runs and nothing is left, and the other environment goes on", async () => {
  await engine.destroy(stackOf(first), {});
  expect(existsSync(join(first.paths.data, "postgres"))).toBe(true);
  await removeEnvironmentFiles(first);
  expect([existsSync(first.paths.root), processesInside(first.paths.root), listGroups(first.paths.root)]).toEqual([
    false,
    [],
    [],
  ]);
  expect((await fetch(urlOf(second))).status).toBe(200);
}, 60_000);
