import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sessionOf } from "../../../cli/adapters/session.ts";
import { assertPortsFree } from "../../../infra/environment/choose-ports.ts";
import { withCreationLock } from "../../../infra/environment/creation-lock.ts";
import { overlaps } from "../../../infra/environment/port-plan.ts";
import {
  corruptEnvironments,
  createEnvironment,
  listEnvironments,
  loadEnvironment,
  removeEnvironment,
} from "../../../infra/environment/store.ts";
import { configureTopology, initialiseStack, readCredentials, stackOf } from "../../../infra/environment/stack.ts";
import { readConfig, readProject, writeProject } from "../../../infra/engine/project-files.ts";
import { isRoot } from "../../../infra/local/host/os-users.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { watchSyncs } from "../../support/watch-syncs.ts";
import { newHome } from "./support/test-environment.ts";

let home: string;
beforeEach(() => {
  home = newHome();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const newPart = (name: string): string => join(home, name);
const create = (name: string, into = home): ReturnType<typeof createEnvironment> =>
  createEnvironment({ name, home: into });

test("what was created can be loaded and listed, and is gone when removed", async () => {
  const made = await create("shop");
  expect(await loadEnvironment(home, "shop")).toEqual(made);
  expect(await listEnvironments(home)).toEqual([made]);
  await removeEnvironment(made);
  expect(await listEnvironments(home)).toEqual([]);
  expect(readdirSync(join(home, "environments"))).toEqual([]);
});

test("a new environment is on the disk before it has its name", async () => {
  const unsynced = await watchSyncs();
  expect(unsynced((await create("shop")).paths.root)).toEqual([]);
});

test("environments created at the same moment get ports of their own", async () => {
  const made = await Promise.all(["a", "b", "c", "d"].map((name) => create(name)));
  for (const one of made)
    for (const other of made) expect(one !== other && overlaps(one.ports, other.ports)).toBe(false);
});

test("a block in which something listens is passed over", async () => {
  const probe = await create("probe");
  await removeEnvironment(probe);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(probe.ports.instanceFirst + 7, "127.0.0.1", resolve));
  try {
    expect(overlaps((await create("shop")).ports, probe.ports)).toBe(false);
    await expect(assertPortsFree(probe)).rejects.toMatchObject({
      code: "port-in-use",
      message: expect.stringContaining(`127.0.0.1:${probe.ports.instanceFirst + 7}`),
    });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test.each(["", "Shop", "1shop", "a_b", "a".repeat(21), "../x"])("%j is no name", async (name) => {
  await expect(create(name)).rejects.toMatchObject({ code: "invalid-name" });
});

test("a second of the same name, and one that is not there, are refused", async () => {
  await create("shop");
  await expect(create("shop")).rejects.toMatchObject({ code: "exists" });
  await expect(loadEnvironment(home, "other")).rejects.toMatchObject({ code: "unknown-environment" });
});

test("a torn or changed file is called corrupt and does not hide the others", async () => {
  const good = await create("good");
  await create("torn");
  writeFileSync(join(home, "environments", "torn", "environment.json"), '{"version":1,"na');
  await expect(loadEnvironment(home, "torn")).rejects.toMatchObject({ code: "corrupt" });
  expect(await listEnvironments(home)).toEqual([good]);
  expect(await corruptEnvironments(home)).toEqual(["torn"]);
});

test("what a killed creation left is no environment and in nobody's way", async () => {
  mkdirSync(join(home, "environments", ".new-shop"), { recursive: true });
  writeFileSync(join(home, "create.lock"), JSON.stringify({ pid: 999_999_999, startTicks: 1 }).replace(": ", ":"));
  expect((await create("shop")).name).toBe("shop");
  expect(existsSync(join(home, "create.lock"))).toBe(false);
});

test.each(["", "{", JSON.stringify({ pid: process.pid, startTicks: 1 })])(
  "a lock that says %j is nobody's and is taken over by all that wait for it",
  async (content) => {
    mkdirSync(join(home, "environments"), { recursive: true });
    writeFileSync(join(home, "create.lock"), content);
    await Promise.all(["a", "b", "c"].map((name) => create(name)));
    expect((await listEnvironments(home)).map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(readdirSync(home)).toEqual(["environments"]);
  },
);

test("a lock whose holder lives is waited for", async () => {
  const order: string[] = [];
  await Promise.all(
    ["a", "b", "c"].map((name) =>
      withCreationLock(home, async () => {
        order.push(`${name} in`);
        await create(`x${name}`, newPart(name)).finally(() => order.push(`${name} out`));
      }),
    ),
  );
  expect(order.map((line) => line.slice(2))).toEqual(["in", "out", "in", "out", "in", "out"]);
});

test("what a killed removal left is removed by whoever lists, creates or asks for it next", async () => {
  const gone = join(home, "environments", ".gone-shop");
  const asked = [
    () => listEnvironments(home),
    () => create("other"),
    () => expect(loadEnvironment(home, "shop")).rejects.toMatchObject({ code: "unknown-environment" }),
  ];
  for (const ask of asked) {
    mkdirSync(join(gone, "data", "postgres"), { recursive: true });
    await ask();
    expect(existsSync(gone)).toBe(false);
  }
});

test("a home whose sockets would have too long names is refused", async () => {
  await expect(create("shop", join(home, "x".repeat(60)))).rejects.toMatchObject({ code: "path-too-long" });
});

test.runIf(isRoot())("a home that the components' accounts cannot enter is refused", async () => {
  chmodSync(home, 0o700);
  await expect(create("shop")).rejects.toMatchObject({ code: "home-unreachable" });
});

test("a stack gets secrets once, encrypted, and keeps them when its topology changes", async () => {
  const environment = await create("shop");
  await initialiseStack(environment, baseline);
  const credentials = await readCredentials(environment);
  expect(new Set(Object.values(credentials)).size).toBe(5);
  await initialiseStack(environment, baseline);
  await configureTopology(environment, { ...baseline, pooler: "pgbouncer" });
  expect(await readCredentials(environment)).toEqual(credentials);
  const config = await readConfig(stackOf(environment));
  expect(config["shopctl:topology"]).toEqual({ ...baseline, pooler: "pgbouncer" });
  expect(JSON.stringify(config)).not.toContain(credentials.databaseShop);
});

test("a stack that another installation made, which is gone, is run by the one that opens its engine", async () => {
  const environment = await create("shop");
  await sessionOf(environment).engine();
  const stack = await initialiseStack(environment, baseline);
  const own = await readProject(stack);
  await writeProject(stack, { main: "/gone/program.js", providers: [{ name: "shopctl", path: "/gone/provider" }] });
  await sessionOf(environment).engine();
  expect(await readProject(stack)).toEqual(own);
});
