import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLimits, processGroup, groupProcesses } from "../../../infra/local/host/cgroup.ts";
import { cgroupLayout } from "../../../infra/local/host/cgroup-layout.ts";
import { identify } from "../../../infra/local/host/process-identity.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { instanceInputs, makeSmallRelease } from "./support/small-service.ts";
import { TestEnvironment } from "./support/test-environment.ts";
import type { Held } from "./support/test-environment.ts";

let it: TestEnvironment;
let release: Held;

beforeAll(async () => {
  it = await TestEnvironment.create();
  release = await makeSmallRelease(it);
});
afterAll(() => it.destroy());

const pidOf = (instance: Held): number | undefined => serviceState(it.service(instance.id)).pid;
const answer = async (instance: Held): Promise<{ instance: string }> =>
  (await fetch(`http://127.0.0.1:${String(instance.state["httpPort"])}/`)).json() as Promise<{ instance: string }>;

test("an instance answers when its creation returns, and its deletion leaves nothing", async () => {
  const instance = await it.make("ServiceInstance", instanceInputs(it, release));
  expect(instance.id).toMatch(/^web-1-[0-9a-f]{8}$/);
  expect((await answer(instance)).instance).toBe(instance.id);
  const pid = pidOf(instance) ?? 0;
  await it.remove("ServiceInstance", instance);
  expect(identify(pid)).toBeUndefined();
  expect(existsSync(it.service(instance.id))).toBe(false);
  await it.remove("ServiceInstance", instance);
});

test("a rerun of a creation adopts the process that is there", async () => {
  const first = await it.make("ServiceInstance", instanceInputs(it, release));
  const pid = pidOf(first);
  const second = await it.make("ServiceInstance", instanceInputs(it, release));
  expect(second.id).toBe(first.id);
  expect(second.state["httpPort"]).toBe(first.state["httpPort"]);
  expect(pidOf(second)).toBe(pid);
  // An engine that lost the first creation's answer may still hold it as pending deletion: that must not stop the second.
  await it.remove("ServiceInstance", first);
  expect(pidOf(second)).toBe(pid);
  await it.remove("ServiceInstance", second);
});

test("an instance whose deletion was cut off is replaced when it is wanted again, and so is one whose deletion no engine saved", async () => {
  const inputs = instanceInputs(it, release);
  const removed = await it.make("ServiceInstance", inputs);
  expect((await it.diff("ServiceInstance", removed, inputs)).changes).toBe(false);
  await it.remove("ServiceInstance", removed);
  expect(await it.diff("ServiceInstance", removed, inputs)).toMatchObject({
    changes: true,
    replaces: [expect.any(String)],
  });
  const again = await it.make("ServiceInstance", inputs);
  // An engine without the answer has the first one still.
  expect((await it.diff("ServiceInstance", removed, inputs)).changes).toBe(true);
  await it.remove("ServiceInstance", removed);
  expect((await answer(again)).instance).toBe(again.id);
  expect((await it.diff("ServiceInstance", again, inputs)).changes).toBe(false);
  await it.remove("ServiceInstance", again);
});

test("different inputs stand side by side on ports of their own", async () => {
  const [a, b] = await Promise.all([
    it.make("ServiceInstance", instanceInputs(it, release, { COLOUR: "blue" })),
    it.make("ServiceInstance", instanceInputs(it, release, { COLOUR: "green" })),
  ]);
  expect(a.id).not.toBe(b.id);
  expect((await answer(a)).instance).toBe(a.id);
  expect((await answer(b)).instance).toBe(b.id);
  await Promise.all([it.remove("ServiceInstance", a), it.remove("ServiceInstance", b)]);
});

test("a killed instance comes back", async () => {
  const instance = await it.make("ServiceInstance", instanceInputs(it, release));
  const pid = pidOf(instance) ?? 0;
  process.kill(pid, "SIGKILL");
  await waitUntil(
    "another process",
    () => serviceState(it.service(instance.id)).state === "up" && pidOf(instance) !== pid,
  );
  await waitUntil("an answer", async () => (await answer(instance)).instance === instance.id);
  await it.remove("ServiceInstance", instance);
});

test.skipIf(cgroupLayout() === undefined)("the kernel enforces the limits of its tier", async () => {
  const instance = await it.make("ServiceInstance", instanceInputs(it, release));
  const group = processGroup(it.environment.paths.root, instance.id);
  expect(readLimits(group)).toEqual({ cpu: 0.5, memoryMiB: 512 });
  expect(groupProcesses(group)).toEqual([pidOf(instance)]);
  await it.remove("ServiceInstance", instance);
  expect(readLimits(group)).toBeUndefined();
});

test("secrets are in files of mode 600 and in no command line", async () => {
  const inputs = {
    ...instanceInputs(it, release),
    secretVariables: { SHOP_DATABASE_URL: "postgres://shop:very-secret@127.0.0.1/shop" },
  };
  const instance = await it.make("ServiceInstance", inputs);
  expect(readFileSync(`/proc/${pidOf(instance)}/cmdline`, "utf8")).not.toContain("very-secret");
  const file = join(it.service(instance.id), "env", "SHOP_DATABASE_URL");
  expect(readFileSync(file, "utf8")).toBe("postgres://shop:very-secret@127.0.0.1/shop\n");
  expect(readFileSync(join(it.service(instance.id), "definition.json"), "utf8")).not.toContain("very-secret");
  await it.remove("ServiceInstance", instance);
});

test("an instance that never gets ready fails its creation, says why, and is gone", async () => {
  const making = it.make("ServiceInstance", instanceInputs(it, release, { BEHAVIOUR: "never-ready" }, 1_500));
  await expect(making).rejects.toThrow(
    /web-1-[0-9a-f]{8} was not healthy within 1\.5 s; asked at .*the router was not touched\. Its log ends:\n.*listening as web-1-/s,
  );
  await waitUntil("no service folder", () => services().length === 0);
});

test("an instance that crashes at once fails long before its time is over", async () => {
  const startedAt = performance.now();
  const making = it.make("ServiceInstance", instanceInputs(it, release, { BEHAVIOUR: "crash" }, 60_000));
  await expect(making).rejects.toThrow(/ended again and again.*this release is broken/s);
  expect(performance.now() - startedAt).toBeLessThan(15_000);
  expect(services()).toEqual([]);
});

test("one that ignores SIGTERM is killed when its time is over", async () => {
  const instance = await it.make("ServiceInstance", {
    ...instanceInputs(it, release, { BEHAVIOUR: "stubborn" }),
    stopTimeoutMs: 500,
  });
  const pid = pidOf(instance) ?? 0;
  await it.remove("ServiceInstance", instance);
  expect(identify(pid)).toBeUndefined();
});

function services(): string[] {
  return readdirSync(it.environment.paths.services);
}
