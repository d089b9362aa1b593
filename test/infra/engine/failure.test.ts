import { readFile, writeFile } from "node:fs/promises";
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
afterEach(async () => {
  expect(await world.leftProcesses()).toEqual([]);
  await world.remove();
});

const allow = async (what: "fail" | "crash"): Promise<void> => await writeFile(join(world.folder, `no-${what}`), "");
const pending = async (): Promise<readonly string[]> =>
  ((await engine.exportState(world.stack)).deployment.pending_operations ?? []).map(
    ({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`,
  );
const names = async (): Promise<readonly string[]> =>
  ((await engine.exportState(world.stack)).deployment.resources ?? []).map(({ urn }) => urn.split("::").at(-1) ?? "");

describe("a failure in the middle of an update", () => {
  it("keeps what was made, deletes nothing, and the next update finishes", async () => {
    await world.configure([{ name: "gone" }, { name: "a" }]);
    await engine.up(world.stack, {});
    await world.calls();
    await world.configure([
      { name: "a" },
      { name: "b" },
      { name: "c", props: { fail: "create" }, opts: { after: ["b"] } },
      { name: "d", opts: { after: ["c"] } },
    ]);
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "resource-failed",
      message: "create of c (test:index:Thing) failed: create of c refused",
    });
    expect(await world.calls()).toEqual(["create b", "create c"]);
    expect(await names()).toEqual(["shop-dev", "default", "a", "b", "gone"]);
    expect(await pending()).toEqual([]);
    // Outputs of before stay, since the program could not say what has become of them.
    expect(Object.keys(await engine.outputs(world.stack)).toSorted()).toEqual(["a", "gone", "password"]);
    await allow("fail");
    expect((await engine.up(world.stack, {})).changes).toEqual({ same: 3, create: 2, delete: 1 });
    expect(await world.calls()).toEqual(["create c", "create d", "delete gone"]);
  });

  it("keeps an operation as pending when the provider died without an answer, and does it again", async () => {
    await world.configure([{ name: "a" }, { name: "b", props: { crash: "create" }, opts: { after: ["a"] } }]);
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "resource-failed",
      message: expect.stringMatching(/^create of b \(test:index:Thing\) failed: the provider ended without an answer/),
    });
    expect(await pending()).toEqual(["creating b"]);
    await allow("crash");
    const events: EngineEvent[] = [];
    const result = await engine.up(world.stack, { onEvent: (event) => events.push(event) });
    expect(result.changes).toEqual({ same: 2, create: 1 });
    expect(events).toContainEqual({
      kind: "diagnostic",
      severity: "info",
      urn: "urn:pulumi:dev::shop::test:index:Thing::b",
      message:
        "b was creating when the engine ended before: its creation is done again (a provider's Create finds what it began)",
    });
    expect(await pending()).toEqual([]);
  });

  it("deletes a replaced resource later when its deletion failed", async () => {
    await world.configure([{ name: "a", props: { key: "1", fail: "delete" } }]);
    await engine.up(world.stack, {});
    await world.configure([{ name: "a", props: { key: "2" } }]);
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({ code: "resource-failed" });
    const { deployment } = await engine.exportState(world.stack);
    expect(
      deployment.resources
        ?.filter(({ type }) => type === "test:index:Thing")
        .map(({ id, delete: condemned }) => [id, condemned]),
    ).toEqual([
      ["a-2", undefined],
      ["a-1", true],
    ]);
    await allow("fail");
    await world.calls();
    await engine.up(world.stack, {});
    expect(await world.calls()).toEqual(["delete a"]);
    expect(await world.things()).toEqual(["a-2"]);
  });

  it("goes on from the middle of a replacement that deletes first", async () => {
    const opts = { deleteBeforeReplace: true };
    await world.configure([{ name: "a", props: { key: "1" }, opts }]);
    await engine.up(world.stack, {});
    await world.configure([{ name: "a", props: { key: "2", fail: "create" }, opts }]);
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({ code: "resource-failed" });
    expect(await world.things()).toEqual([]);
    await allow("fail");
    await world.calls();
    await engine.up(world.stack, {});
    expect(await world.calls()).toEqual(["create a"]);
    expect(await world.things()).toEqual(["a-2"]);
  });

  it("blames the program when the program gives up, and deletes nothing", async () => {
    await world.configure([{ name: "a" }]);
    await engine.up(world.stack, {});
    await world.calls();
    await world.configure([{ name: "gives-up", exit: true }]);
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "configuration",
      message: expect.stringContaining("the program gives up"),
    });
    expect(await world.calls()).toEqual([]);
    expect(await names()).toContain("a");
  });

  it("names invalid inputs, a wrong passphrase, a missing project and a provider without a path", async () => {
    await world.configure([{ name: "a", props: { value: "invalid" } }]);
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "resource-failed",
      message: "a (test:index:Thing): its inputs are invalid: value: it says invalid",
    });
    await expect(engine.up({ ...world.stack, workDir: world.folder }, {})).rejects.toMatchObject({
      code: "configuration",
    });
    const passphrase = await readFile(world.stack.passphraseFile, "utf8");
    await writeFile(world.stack.passphraseFile, "another");
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "configuration",
      message: "the passphrase does not belong to this stack (incorrect passphrase)",
    });
    await writeFile(world.stack.passphraseFile, passphrase);
    await world.useProgram("from-config.js", []);
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "unsupported",
      message: "the provider test: it has no path under plugins.providers in Pulumi.yaml",
    });
  });

  it("does not show a secret in a failure", async () => {
    await world.configure(
      [{ name: "a", props: { fail: "create", secret: "@password", reason: "@password" } }],
      "never-shown-secret",
    );
    const events: EngineEvent[] = [];
    const failure = await engine
      .up(world.stack, { onEvent: (event) => events.push(event) })
      .catch((error: unknown) => error);
    expect(String(failure) + JSON.stringify(events)).not.toContain("never-shown-secret");
    expect(String(failure)).toContain("[secret]");
  });
});

describe("a cancelled update", () => {
  it("lets running calls finish, tells the provider, saves, and starts nothing more", async () => {
    await world.configure([
      { name: "slow", props: { hang: "create" } },
      { name: "next", opts: { after: ["slow"] } },
    ]);
    const abort = new AbortController();
    const up = engine.up(world.stack, {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.kind === "resource-started" && event.name === "slow")
          void world.until("hanging").then(() => abort.abort());
      },
    });
    await expect(up).rejects.toMatchObject({ code: "cancelled" });
    expect(await world.calls()).toEqual(["create slow", "cancel"]);
    expect(await names()).toEqual(["shop-dev", "default", "slow"]);
    expect(await pending()).toEqual([]);
    expect((await engine.history(world.stack))[0]).toMatchObject({ result: "failed" });
    expect((await engine.up(world.stack, {})).changes).toEqual({ same: 2, create: 1 });
  });

  it("does nothing when cancelled before it began", async () => {
    await expect(engine.up(world.stack, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "cancelled" });
    expect(await engine.history(world.stack)).toEqual([]);
  });
});

describe("what the embedded engine does not do", () => {
  const cases: readonly (readonly [program: string, feature: string])[] = [
    ["transform", "transforms (resource a of type test:index:Thing)"],
    ["stack-transform", "transforms"],
    ["hook", "resource hooks"],
    ["invoke", "invoke test:index:lookup by a default provider"],
    ["get", "reading resources that this stack does not own (get, StackReference)"],
    ["import", "import (resource a of type test:index:Thing)"],
    ["remote", "remote components (resource a of type test:index:Remote)"],
    ["asset", "assets that are not files (resource a of type test:index:Thing)"],
    ["replace-with", "replaceWith (resource b of type test:index:Thing)"],
  ];
  it.each(cases)("is refused by name: %s", async (program, feature) => {
    await world.useProgram(`unsupported/${program}.js`);
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({ code: "unsupported", message: feature });
    expect((await world.calls()).filter((call) => call !== "create a" && call !== "cancel")).toEqual([]);
  });

  it("is refused by name: other backends and secrets providers", async () => {
    await expect(engine.up({ ...world.stack, backendUrl: "s3://bucket" }, {})).rejects.toMatchObject({
      code: "unsupported",
      message: "state backend s3: (the embedded engine has file:// only)",
    });
    const file = join(world.stack.workDir, "Pulumi.dev.yaml");
    await writeFile(file, `secretsprovider: awskms://x\n${await readFile(file, "utf8")}`);
    await expect(engine.up(world.stack, {})).rejects.toMatchObject({
      code: "unsupported",
      message: "secrets provider awskms://x (only passphrase)",
    });
  });
});
