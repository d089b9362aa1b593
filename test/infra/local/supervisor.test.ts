import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { currentUser } from "../../../infra/local/host/os-users.ts";
import { identify, parentOf, processesInside } from "../../../infra/local/host/process-identity.ts";
import { startEnvironment } from "../../../infra/local/operations/start.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import type { ServiceDefinition } from "../../../infra/local/supervision/service-definition.ts";
import { ensureService } from "../../../infra/local/supervision/service-folder.ts";
import { supervisorPid } from "../../../infra/local/supervision/supervisor.ts";
import { waitForHealth } from "../../../infra/local/supervision/wait-for-health.ts";
import { freePort } from "../../support/free-port.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { watchSyncs } from "../../support/watch-syncs.ts";
import { instanceInputs, makeSmallRelease } from "./support/small-service.ts";
import { TestEnvironment } from "./support/test-environment.ts";
import type { Held } from "./support/test-environment.ts";

let it: TestEnvironment;
let instance: Held;

beforeAll(async () => {
  it = await TestEnvironment.create();
  instance = await it.make("ServiceInstance", instanceInputs(it, await makeSmallRelease(it)));
});
afterAll(() => it.destroy());

const answers = async (): Promise<boolean> =>
  (await fetch(`http://127.0.0.1:${String(instance.state["httpPort"])}/`)).status === 200;

test("a second creation adopts the supervisor that runs", async () => {
  const pid = supervisorPid(it.environment.paths);
  expect(pid).toBeGreaterThan(1);
  await it.make("Supervisor", { paths: it.environment.paths });
  expect(supervisorPid(it.environment.paths)).toBe(pid);
  expect(await startEnvironment(it.environment)).toBe(false);
});

test("after everything was killed, as by a reboot, the environment can be started again as it was", async () => {
  const pids = processesInside(it.environment.paths.root);
  // runsvdir and runsv first, or they would start again what is killed.
  for (const pid of [...pids, ...processesInside(it.environment.paths.root)].toSorted((a, b) => a - b)) {
    if (identify(pid) !== undefined) process.kill(pid, "SIGKILL");
  }
  await waitUntil("nothing to run", () => processesInside(it.environment.paths.root).length === 0);
  expect(await startEnvironment(it.environment)).toBe(true);
  await waitUntil("the instance again", answers);
});

test("a change that was broken off after its files were written is no obstacle to the way back", async () => {
  const { paths } = it.environment;
  const generation = (value: string): ServiceDefinition => ({
    name: "sleeper",
    component: "mail-sink",
    command: ["/bin/sleep", "600"],
    user: currentUser(),
    variables: { GENERATION: value },
  });
  const pidOf = (): number => serviceState(it.service("sleeper")).pid ?? 0;
  const runs = (value: string): Promise<unknown> =>
    waitUntil(`generation ${value}`, () =>
      readFileSync(`/proc/${pidOf()}/environ`, "utf8").split("\0").includes(`GENERATION=${value}`),
    );
  await ensureService(paths, generation("old"), "it");
  await runs("old");
  const supervisor = supervisorPid(paths) ?? 0;
  process.kill(supervisor, "SIGSTOP");
  try {
    for (const pid of [parentOf(pidOf()) ?? 0, pidOf()]) process.kill(pid, "SIGKILL");
    await expect(ensureService(paths, generation("new"), "it")).rejects.toThrow(/does not take up.*shopctl recover/);
  } finally {
    process.kill(supervisor, "SIGCONT");
  }
  await runs("new");
  await ensureService(paths, generation("old"), "it");
  await runs("old");
}, 60_000);

test("a process that goes on answering while it ends is not taken for the one that was started in its place", async () => {
  const { paths } = it.environment;
  const port = await freePort();
  const answer = (text: string): string =>
    `process.on("SIGTERM", () => setTimeout(() => process.exit(), 1_000));
     require("node:http").createServer((_, reply) => reply.end("${text}")).listen(${port}, "127.0.0.1");`;
  const ask = async (): Promise<string> => await (await fetch(`http://127.0.0.1:${port}/`)).text();
  const start = async (text: string): Promise<string> => {
    const command = [process.execPath, "-e", answer(text)] as const;
    const definition = { name: "slow-to-end", component: "mail-sink", command, user: currentUser() } as const;
    const { replaced } = await ensureService(paths, definition, "it");
    const isHealthy = async (): Promise<boolean> => (await ask()) !== "";
    await waitForHealth({ paths, name: definition.name, timeoutMs: 20_000, replaced, isHealthy });
    return await ask();
  };
  expect([await start("old"), await start("new")]).toEqual(["old", "new"]);
});

test("a service is on the disk before it has its name", async () => {
  const unsynced = await watchSyncs();
  const definition: ServiceDefinition = {
    name: "new",
    component: "mail-sink",
    command: ["/bin/sleep", "600"],
    user: currentUser(),
    variables: { IT: "1" },
  };
  await ensureService(it.environment.paths, definition, "it");
  const files = ["run", "log/run", "definition.json", "env/IT"].map((name) => join(it.service("new"), name));
  expect(files.flatMap(unsynced)).toEqual([]);
});

test("its deletion ends everything that it supervises", async () => {
  const pid = serviceState(it.service(instance.id)).pid ?? 0;
  await it.remove("Supervisor", { id: "", state: { paths: it.environment.paths, startedPid: 0 } });
  expect(identify(pid)).toBeUndefined();
  expect(supervisorPid(it.environment.paths)).toBeUndefined();
  expect(processesInside(it.environment.paths.root)).toEqual([]);
});
