import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EmbeddedEngine } from "../../../infra/engine/embedded/embedded-engine.ts";
import { identify } from "../../../infra/engine/embedded/processes.ts";
import { StackLock } from "../../../infra/engine/embedded/stack-lock.ts";
import { restoreLastGoodState } from "../../../infra/engine/embedded/state-backend.ts";
import { statePaths } from "../../../infra/engine/embedded/state-paths.ts";
import type { EngineEvent } from "../../../infra/engine/engine.ts";
import { EngineWorld } from "./support/engine-world.ts";

const engine = new EmbeddedEngine();
let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.create();
});
afterEach(async () => {
  expect(await world.leftProcesses()).toEqual([]);
  await world.remove();
});

/** An engine in a process of its own, killed without warning while the provider hangs in a call. */
async function killWhileHanging(operation: "up" | "destroy"): Promise<void> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("./support/run-engine.ts", import.meta.url)), JSON.stringify(world.stack), operation],
    {
      stdio: "inherit",
    },
  );
  await world.until("hanging");
  child.kill("SIGKILL");
  await ended(child);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

const messages = (events: readonly EngineEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === "diagnostic" && event.severity !== "debug" ? [event.message] : []));

describe("after kill -9 in the middle", () => {
  it("the next update takes the lock over, ends what was left, and finishes", async () => {
    await world.configure([{ name: "a" }, { name: "b", props: { hang: "create" }, opts: { after: ["a"] } }]);
    await killWhileHanging("up");
    const hanging = Number(await world.until("hanging"));
    expect((await engine.exportState(world.stack)).deployment.pending_operations).toMatchObject([{ type: "creating" }]);
    await writeFile(join(world.folder, "go-on"), "");
    await world.calls();
    const events: EngineEvent[] = [];
    const result = await engine.up(world.stack, { onEvent: (event) => events.push(event) });
    expect(await identify(hanging)).toBeUndefined();
    expect(result.changes).toEqual({ same: 2, create: 1 });
    expect(await world.calls()).toEqual(["create b"]);
    expect(messages(events)[0]).toMatch(/^took over the lock of process \d+ \(shopctl up\), which has ended$/);
    expect(messages(events)[1]).toMatch(/^b was creating when the engine ended before/);
    expect((await engine.history(world.stack)).map(({ result: outcome }) => outcome)).toEqual(["succeeded", "failed"]);
    expect(await readdir(statePaths(world.stack).locks)).toEqual([]);
  });

  it("an interrupted replacement is finished: the new one is there and the old one is gone", async () => {
    await world.configure([{ name: "a", props: { key: "1", hang: "delete" } }]);
    await engine.up(world.stack, {});
    await world.configure([{ name: "a", props: { key: "2" } }]);
    await killWhileHanging("up");
    expect(await world.things()).toEqual(["a-1", "a-2"]);
    await writeFile(join(world.folder, "go-on"), "");
    await world.calls();
    expect((await engine.up(world.stack, {})).changes).toEqual({ same: 2 });
    expect(await world.calls()).toEqual(["delete a"]);
    expect(await world.things()).toEqual(["a-2"]);
  });

  it("an interrupted update and an interrupted destroy converge", async () => {
    await world.configure([{ name: "a", props: { value: "1" } }]);
    await engine.up(world.stack, {});
    await world.configure([{ name: "a", props: { value: "2", hang: "update" } }]);
    await killWhileHanging("up");
    await writeFile(join(world.folder, "go-on"), "");
    expect((await engine.up(world.stack, {})).changes).toEqual({ same: 1, update: 1 });
    expect(await readFile(join(world.folder, "things", "a-0"), "utf8")).toBe("2");
    await world.configure([{ name: "a", props: { value: "3", hang: "delete" } }]);
    await engine.up(world.stack, {});
    await rm(join(world.folder, "go-on"));
    await rm(join(world.folder, "hanging"));
    await killWhileHanging("destroy");
    await writeFile(join(world.folder, "go-on"), "");
    expect((await engine.destroy(world.stack, {})).changes).toEqual({ delete: 2 });
    expect(await world.things()).toEqual([]);
  });

  it("finishes and then deletes a creation that nobody wants any more", async () => {
    await world.configure([{ name: "a" }, { name: "b", props: { hang: "create" }, opts: { after: ["a"] } }]);
    await killWhileHanging("up");
    await writeFile(join(world.folder, "go-on"), "");
    await writeFile(join(world.folder, "things", "b-0"), "half made");
    await world.configure([{ name: "a" }]);
    await world.calls();
    await engine.up(world.stack, {});
    expect(await world.calls()).toEqual(["create b", "delete b"]);
    expect(await world.things()).toEqual(["a-0"]);
    expect((await engine.exportState(world.stack)).deployment.pending_operations).toBeUndefined();
  });

  it("children end by themselves, before anyone looks for them", async () => {
    await world.configure([{ name: "a", props: { hang: "create" } }]);
    await killWhileHanging("up");
    await expect.poll(() => world.leftProcesses(), { timeout: 5_000, interval: 50 }).toEqual([]);
  });
});

describe("the lock of a stack", () => {
  it("refuses a second operation and names the holder", async () => {
    await world.configure([{ name: "a" }]);
    const lock = await StackLock.acquire(world.stack, "shopctl scale apply");
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "locked",
      holder: { pid: process.pid, command: "shopctl scale apply", alive: true },
    });
    await expect(engine.cancel(world.stack)).rejects.toMatchObject({ code: "locked" });
    // A preview only reads.
    await engine.preview(world.stack, {});
    await lock.release();
    await engine.cancel(world.stack);
    expect((await engine.up(world.stack, {})).changes).toEqual({ create: 2 });
  });

  it("is had by one of many that want it at once (fault 21)", async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, async (_, index) => await StackLock.acquire(world.stack, `try ${index}`)),
    );
    const had = tries.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(had).toHaveLength(1);
    for (const each of tries) if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "locked" });
    await had[0]!.release();
  });

  it("is taken over from a dead holder, also when its number belongs to another process by now", async () => {
    const folder = statePaths(world.stack).locks;
    await mkdir(folder, { recursive: true });
    const dead = {
      pid: process.pid,
      username: "root",
      hostname: hostname(),
      timestamp: "2026-01-01T00:00:00.000Z",
      startTime: "1",
      command: "shopctl up",
    };
    await writeFile(join(folder, "embedded.json"), JSON.stringify(dead));
    const heard: string[] = [];
    const lock = await StackLock.acquire(world.stack, "shopctl up", (message) => heard.push(message));
    expect(heard).toEqual([`took over the lock of process ${process.pid} (shopctl up), which has ended`]);
    await lock.release();
  });

  it("is freed from a dead engine of this machine that had another name, where no other machine has the backend", async () => {
    const folder = statePaths(world.stack).locks;
    await mkdir(folder, { recursive: true });
    const file = join(folder, "embedded.json");
    const of = {
      username: "root",
      hostname: "its-earlier-name",
      timestamp: "2026-01-01T00:00:00Z",
      command: "shopctl up",
    };
    const self = (await identify(process.pid))!;
    await writeFile(file, JSON.stringify({ ...of, ...self }));
    await expect(engine.cancel(world.stack, { everyHostIsThis: true })).rejects.toMatchObject({ code: "locked" });
    await writeFile(file, JSON.stringify({ ...of, ...self, startTime: "1" }));
    await expect(engine.cancel(world.stack)).rejects.toMatchObject({
      code: "locked",
      holder: { command: "shopctl up on its-earlier-name" },
    });
    await engine.cancel(world.stack, { everyHostIsThis: true });
    expect(await readdir(folder)).toEqual([]);
  });

  it("respects a living Pulumi CLI, and one on another machine", async () => {
    const folder = statePaths(world.stack).locks;
    await mkdir(folder, { recursive: true });
    const file = join(folder, "0b7a.json");
    const lock = { pid: process.ppid, username: "root", hostname: hostname(), timestamp: "2026-01-01T00:00:00Z" };
    await writeFile(file, JSON.stringify(lock));
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "locked",
      holder: { pid: process.ppid, command: "pulumi" },
    });
    await writeFile(file, JSON.stringify({ ...lock, pid: 1, hostname: "elsewhere" }));
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "locked",
      holder: { command: "pulumi on elsewhere" },
    });
    await rm(file);
  });
});

describe("a damaged state", () => {
  const damages: readonly (readonly [what: string, damage: (text: string) => string, message: RegExp])[] = [
    ["torn", (text) => text.slice(0, text.length / 2), /it is not JSON \(a torn write\)/],
    [
      "changed by hand",
      (text) => text.replace('"id":"a-0"', '"id":"a-9"'),
      /its checksum does not match: it was changed by hand/,
    ],
    [
      "without its dependencies",
      (text) => text.replace('"urn":"urn:pulumi:dev::shop::test:index:Thing::a"', '"urn":"urn:x"'),
      /depends on .*, which does not stand before it/,
    ],
  ];
  it.each(damages)("fault 22: is refused and restored: %s", async (_what, damage, message) => {
    await world.configure([{ name: "a" }, { name: "b", opts: { after: ["a"] } }]);
    await engine.up(world.stack, {});
    const { checkpoint, backups } = statePaths(world.stack);
    const good = await readFile(checkpoint, "utf8");
    await writeFile(checkpoint, damage(good));
    await world.calls();
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "state-corrupt",
      message: expect.stringMatching(message),
    });
    await expect(engine.outputs(world.stack)).rejects.toMatchObject({
      code: "state-corrupt",
      message: expect.stringContaining(backups),
    });
    expect(await readFile(checkpoint, "utf8")).toBe(damage(good));
    const { savedAt } = await restoreLastGoodState(world.stack);
    expect(good).toContain(savedAt);
    expect((await engine.up(world.stack, {})).changes).toEqual({ same: 3 });
    expect(await world.calls()).toEqual([]);
  });

  it("can be replaced by an exported one", async () => {
    await world.configure([{ name: "a" }]);
    await engine.up(world.stack, {});
    const exported = await engine.exportState(world.stack);
    await writeFile(statePaths(world.stack).checkpoint, "{");
    await engine.importState(world.stack, exported);
    expect(await engine.exportState(world.stack)).toEqual(exported);
    await expect(
      engine.importState(world.stack, { version: 3, deployment: { manifest: { magic: "x", version: "v1" } } }),
    ).rejects.toMatchObject({
      code: "state-corrupt",
    });
  });
});
