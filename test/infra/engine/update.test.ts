import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EmbeddedEngine } from "../../../infra/engine/embedded/embedded-engine.ts";
import type { EngineEvent } from "../../../infra/engine/engine.ts";
import { EngineWorld } from "./support/engine-world.ts";

const engine = new EmbeddedEngine();
let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.create();
});
afterEach(async () => await world.remove());

describe("an update by the embedded engine", () => {
  it("creates what the program lists, dependencies first, and keeps its outputs", async () => {
    await world.configure([
      { name: "first", props: { value: "abc" } },
      { name: "second", props: { value: "@first.size" } },
      { name: "pair", pair: true, props: { value: "x" }, opts: { after: ["second"] } },
    ]);
    const result = await engine.up(world.stack, { message: "the first" });
    expect(result.changes).toEqual({ create: 6 });
    expect(await world.calls()).toEqual(["create first", "create second", "create pair-first", "create pair-second"]);
    expect(await engine.outputs(world.stack)).toEqual({
      first: join(world.folder, "things", "first-0"),
      second: join(world.folder, "things", "second-0"),
      password: "[secret]",
    });
    expect(await engine.outputs(world.stack, { showSecrets: true })).toMatchObject({ password: "s3cret-password" });
    const { deployment } = await engine.exportState(world.stack);
    const pair = deployment.resources?.find(({ urn }) => urn.endsWith("::pair"));
    expect(pair).toMatchObject({ custom: false, outputs: { firstPath: join(world.folder, "things", "pair-first-0") } });
    expect(deployment.resources?.find(({ urn }) => urn.endsWith("::pair-second"))).toMatchObject({
      parent: pair?.urn,
      urn: "urn:pulumi:dev::shop::test:index:Pair$test:index:Thing::pair-second",
      propertyDependencies: { value: ["urn:pulumi:dev::shop::test:index:Pair$test:index:Thing::pair-first"] },
    });
    expect(deployment.pending_operations).toBeUndefined();
  });

  it("comes to its end with more to do at a time than it has places for, twice over", async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ name: `thing-${at}`, props: { takes: 300 } }));
    await world.configure(many);
    expect((await engine.up(world.stack, {})).changes).toEqual({ create: 61 });
  });

  it("changes nothing and asks for nothing when nothing changed", async () => {
    await world.configure([{ name: "one", props: { value: "a", secret: "@password" } }]);
    await engine.up(world.stack, {});
    const before = await engine.exportState(world.stack);
    await world.calls();
    const result = await engine.up(world.stack, { expectNoChanges: true });
    expect(result.changes).toEqual({ same: 2 });
    expect(result.steps).toEqual([]);
    expect(await world.calls()).toEqual([]);
    const after = await engine.exportState(world.stack);
    expect(after.deployment.resources).toEqual(before.deployment.resources);
  });

  it("updates in place, and replaces by making the new one, then its dependents, then deleting the old ones", async () => {
    await world.configure([
      { name: "base", props: { key: "1" } },
      { name: "user", props: { value: "@base.id", key: "@base.key" } },
      { name: "other", props: { value: "a" } },
    ]);
    await engine.up(world.stack, {});
    await world.calls();
    await world.configure([
      { name: "base", props: { key: "2" } },
      { name: "user", props: { value: "@base.id", key: "@base.key" } },
      { name: "other", props: { value: "b" } },
    ]);
    const events: EngineEvent[] = [];
    const result = await engine.up(world.stack, { onEvent: (event) => events.push(event) });
    expect(result.changes).toEqual({ same: 1, replace: 2, update: 1 });
    expect(result.steps.map(({ operation, name }) => `${operation} ${name}`).toSorted()).toEqual([
      "replace base",
      "replace user",
      "update other",
    ]);
    const calls = (await world.calls()).filter((call) => !call.endsWith("other"));
    expect(calls).toEqual(["create base", "create user", "delete user", "delete base"]);
    expect(await world.things()).toEqual(["base-2", "other-0", "user-2"]);
    const finished = events.filter((event) => event.kind === "resource-finished").map((event) => event.operation);
    expect(finished.toSorted()).toEqual([
      "create-replacement",
      "create-replacement",
      "delete-replaced",
      "delete-replaced",
      "update",
    ]);
  });

  it("deletes first where that is asked for, with the dependents that follow", async () => {
    const things = (key: string): Parameters<EngineWorld["configure"]>[0] => [
      { name: "base", props: { key }, opts: { deleteBeforeReplace: true } },
      { name: "bound", props: { key: "@base.path", value: "v" } },
      { name: "loose", props: { value: "@base.id" } },
    ];
    // A path as key would not be a file name: the id of the bound one comes from the base's id.
    const named = (key: string): Parameters<EngineWorld["configure"]>[0] =>
      things(key).map((each) => (each.name === "bound" ? { ...each, props: { key: "@base.id", value: "v" } } : each));
    await world.configure(named("1"));
    await engine.up(world.stack, {});
    await world.calls();
    await world.configure(named("2"));
    const result = await engine.up(world.stack, {});
    expect(result.changes).toEqual({ same: 1, replace: 2, update: 1 });
    expect((await world.calls()).filter((call) => !call.endsWith("loose"))).toEqual([
      "delete bound",
      "delete base",
      "create base",
      "create bound",
    ]);
    expect(await world.things()).toEqual(["base-2", "bound-base-2", "loose-0"]);
  });

  it("deletes what the program dropped, and everything at a destroy, dependents first", async () => {
    await world.configure([
      { name: "a", props: {} },
      { name: "b", props: { value: "@a.id" } },
      { name: "c", opts: { after: ["b"] } },
      { name: "gone", props: {} },
    ]);
    await engine.up(world.stack, {});
    await world.calls();
    await world.configure([
      { name: "a", props: {} },
      { name: "b", props: { value: "@a.id" } },
      { name: "c", opts: { after: ["b"] } },
    ]);
    expect((await engine.up(world.stack, {})).changes).toEqual({ same: 4, delete: 1 });
    expect(await world.calls()).toEqual(["delete gone"]);
    expect((await engine.destroy(world.stack, {})).changes).toEqual({ delete: 4 });
    expect(await world.calls()).toEqual(["delete c", "delete b", "delete a"]);
    expect(await world.things()).toEqual([]);
    expect((await engine.exportState(world.stack)).deployment.resources).toEqual([]);
    expect(await engine.outputs(world.stack)).toEqual({});
    await engine.removeStack(world.stack);
    await expect(engine.exportState(world.stack)).rejects.toMatchObject({ code: "no-such-stack" });
    expect(await engine.history(world.stack)).toEqual([]);
  });

  it("keeps secrets out of state, history, backups and events", async () => {
    const secret = "very-hidden-value";
    await world.configure(
      [{ name: "one", props: { secret: "@password", value: "plain" }, opts: { additionalSecretOutputs: ["token"] } }],
      secret,
    );
    const events: EngineEvent[] = [];
    const result = await engine.up(world.stack, { onEvent: (event) => events.push(event) });
    const files = await readdir(join(world.folder, "state"), { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map(async (file) => await readFile(join(file.parentPath, file.name), "utf8")),
    );
    expect(texts.length).toBeGreaterThan(4);
    const everything = texts.join("\n") + JSON.stringify(events) + JSON.stringify(result);
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain("token-one-0");
    expect(everything).toContain("plain");
    expect(await engine.outputs(world.stack, { showSecrets: true })).toMatchObject({ password: secret });
  });

  it("previews without touching anything, and then does what it said", async () => {
    await world.configure([
      { name: "a", props: { key: "1" } },
      { name: "b", props: { value: "@a.path" } },
    ]);
    const preview = await engine.preview(world.stack, {});
    expect(preview.changes).toEqual({ create: 3 });
    expect(await world.calls()).toEqual([]);
    expect(await readdir(world.folder)).not.toContain("state");
    expect((await engine.up(world.stack, {})).changes).toEqual(preview.changes);
    await world.configure([{ name: "a", props: { key: "2" } }]);
    const stateBefore = await engine.exportState(world.stack);
    await world.calls();
    expect((await engine.preview(world.stack, {})).changes).toEqual({ same: 1, replace: 1, delete: 1 });
    await expect(engine.preview(world.stack, { expectNoChanges: true })).rejects.toMatchObject({
      code: "unexpected-changes",
      message: "no changes were expected, but there are: replace a, delete b",
    });
    await expect(engine.up(world.stack, { expectNoChanges: true })).rejects.toMatchObject({
      code: "unexpected-changes",
    });
    expect(await world.calls()).toEqual([]);
    expect(await engine.exportState(world.stack)).toEqual(stateBefore);
    expect(await engine.history(world.stack)).toHaveLength(1);
  });

  it("honours protect, retainOnDelete, ignoreChanges, aliases and explicit providers", async () => {
    await world.configure([
      { name: "kept", opts: { protect: true } },
      { name: "left", opts: { retainOnDelete: true } },
      { name: "stubborn", props: { value: "old", key: "k" }, opts: { ignoreChanges: ["value"] } },
      { name: "before", props: { value: "v" } },
      { name: "own", pair: "provider", props: { region: "here" } },
      { name: "theirs", opts: { provider: "own" } },
    ]);
    await engine.up(world.stack, {});
    await world.calls();
    await world.configure([
      { name: "kept", opts: { protect: true } },
      { name: "stubborn", props: { value: "new", key: "k" }, opts: { ignoreChanges: ["value"] } },
      { name: "after", props: { value: "v" }, opts: { aliases: [{ name: "before" }] } },
      { name: "own", pair: "provider", props: { region: "here" } },
      { name: "theirs", opts: { provider: "own" } },
    ]);
    expect((await engine.up(world.stack, {})).changes).toEqual({ same: 6, delete: 1 });
    expect(await world.calls()).toEqual([]);
    expect(await world.things()).toContain("left-0");
    await world.configure([]);
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "resource-failed",
      message: "delete of kept (test:index:Thing) failed: it is protected; take the protection off before deleting it",
    });
    expect(await world.things()).toContain("kept-0");
  });

  it("takes over nothing at a refresh that could not read everything", async () => {
    await world.configure([{ name: "a" }, { name: "b", props: { fail: "read" }, opts: { after: ["a"] } }]);
    await engine.up(world.stack, {});
    const { resources: before } = (await engine.exportState(world.stack)).deployment;
    await rm(join(world.folder, "things", "a-0"));
    await expect(engine.refresh(world.stack, {})).rejects.toMatchObject({ code: "resource-failed" });
    expect((await engine.exportState(world.stack)).deployment.resources).toEqual(before);
  });

  it("takes over what changed behind its back at a refresh, and makes again what has gone", async () => {
    await world.configure([
      { name: "a", props: { value: "1" } },
      { name: "b", props: { value: "b" }, opts: { after: ["a"] } },
      { name: "c" },
    ]);
    await engine.up(world.stack, {});
    await rm(join(world.folder, "things", "a-0"));
    await writeFile(join(world.folder, "things", "c-0"), "changed");
    const before = await engine.exportState(world.stack);
    const previewed = await engine.refresh(world.stack, { preview: true });
    expect(previewed.changes).toEqual({ same: 2, update: 1, delete: 1 });
    // Resources are read side by side, so the answers come in any order.
    expect(
      previewed.steps
        .toSorted((a, b) => a.name.localeCompare(b.name))
        .map(({ operation, name, changedKeys, found }) => [operation, name, changedKeys, found]),
    ).toEqual([
      ["delete", "a", [], undefined],
      ["update", "c", ["value"], { value: "changed" }],
    ]);
    expect(await engine.exportState(world.stack)).toEqual(before);
    expect((await engine.history(world.stack)).map(({ kind }) => kind)).toEqual(["update"]);
    expect((await engine.refresh(world.stack, {})).changes).toEqual({ same: 2, update: 1, delete: 1 });
    const { deployment } = await engine.exportState(world.stack);
    expect(deployment.resources?.find(({ urn }) => urn.endsWith("::c"))?.outputs).toMatchObject({ value: "changed" });
    await world.calls();
    expect((await engine.up(world.stack, {})).changes).toEqual({ same: 2, create: 1, update: 1 });
    expect((await world.calls()).toSorted()).toEqual(["create a", "update c"]);
    expect((await engine.history(world.stack))[1]).toMatchObject({ kind: "refresh", result: "succeeded" });
  });

  it("records each update with its message and result, newest first", async () => {
    await world.configure([{ name: "a" }]);
    await engine.up(world.stack, { message: "step one" });
    await world.configure([{ name: "a", props: { fail: "update", value: "x" } }]);
    await expect(engine.up(world.stack, { message: "step two" })).rejects.toMatchObject({ code: "resource-failed" });
    await engine.destroy(world.stack, { message: "the end" });
    expect(
      (await engine.history(world.stack)).map(({ version, kind, message, result, changes }) => ({
        version,
        kind,
        message,
        result,
        changes,
      })),
    ).toEqual([
      { version: 3, kind: "destroy", message: "the end", result: "succeeded", changes: { delete: 2 } },
      { version: 2, kind: "update", message: "step two", result: "failed", changes: { same: 1 } },
      { version: 1, kind: "update", message: "step one", result: "succeeded", changes: { create: 2 } },
    ]);
  });
});
