import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StackReference } from "../../../infra/engine/engine.ts";
import {
  ensurePassphrase,
  openConfig,
  readConfig,
  readProject,
  setConfig,
  writeProject,
} from "../../../infra/engine/project-files.ts";
import { selectEngine } from "../../../infra/engine/select-engine.ts";

const run = promisify(execFile);
let folder: string;
let stack: StackReference;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "project-files-"));
  stack = {
    project: "shop",
    stack: "dev",
    workDir: join(folder, "work"),
    backendUrl: `file://${folder}/state`,
    passphraseFile: join(folder, "passphrase"),
  };
  await ensurePassphrase(stack.passphraseFile);
});
afterEach(async () => await rm(folder, { recursive: true }));

const stackFile = async (): Promise<string> => await readFile(join(stack.workDir, "Pulumi.dev.yaml"), "utf8");

describe("the files of a project", () => {
  it("keep the program and the providers", async () => {
    const project = { main: "/srv/program/index.js", providers: [{ name: "shopctl", path: "/srv/provider" }] };
    await writeProject(stack, project);
    expect(await readProject(stack)).toEqual(project);
    await expect(readProject({ ...stack, project: "other" })).rejects.toMatchObject({ code: "configuration" });
    await expect(readProject({ ...stack, workDir: folder })).rejects.toMatchObject({ code: "configuration" });
  });

  it("take paths in Pulumi.yaml as relative to it", async () => {
    await mkdir(stack.workDir);
    await writeFile(
      join(stack.workDir, "Pulumi.yaml"),
      "name: shop\nruntime: nodejs\nmain: src\nplugins:\n  providers:\n    - name: x\n      path: ../x\n",
    );
    expect(await readProject(stack)).toEqual({
      main: join(stack.workDir, "src"),
      providers: [{ name: "x", path: join(folder, "x") }],
    });
  });

  it("store secrets encrypted, show them only when asked, and keep the other values", async () => {
    await setConfig(stack, { "shop:size": { value: 3 }, "shop:plan": { value: { b: 1, a: ["<x>"] } } });
    await setConfig(stack, {
      "shop:token": { value: "secret-token", secret: true },
      "shop:keys": { value: { one: "secret-key" }, secret: true },
    });
    expect(await stackFile()).not.toMatch(/secret-(token|key)/);
    expect(await readConfig(stack)).toEqual({
      "shop:size": 3,
      "shop:plan": { b: 1, a: ["<x>"] },
      "shop:token": "[secret]",
      "shop:keys": "[secret]",
    });
    expect(await readConfig(stack, { decrypt: true })).toMatchObject({
      "shop:token": "secret-token",
      "shop:keys": { one: "secret-key" },
    });
    expect((await openConfig(stack)).texts).toEqual({
      "shop:size": { text: "3", secret: false },
      "shop:plan": { text: '{"a":["\\u003cx\\u003e"],"b":1}', secret: false },
      "shop:token": { text: "secret-token", secret: true },
      "shop:keys": { text: '{"one":"secret-key"}', secret: true },
    });
  });

  it("do not change when the same values are set again", async () => {
    const set = async (): Promise<void> =>
      await setConfig(stack, { "shop:a": { value: 1 }, "shop:b": { value: "s", secret: true } });
    await set();
    const before = await stackFile();
    await set();
    expect(await stackFile()).toBe(before);
  });

  it("have a passphrase that only its owner reads and that never changes", async () => {
    const before = await readFile(stack.passphraseFile, "utf8");
    await ensurePassphrase(stack.passphraseFile);
    expect(await readFile(stack.passphraseFile, "utf8")).toBe(before);
    expect((await stat(stack.passphraseFile)).mode & 0o777).toBe(0o600);
    expect(before.trim().length).toBe(43);
  });
});

describe("the choice of the engine", () => {
  const withoutCli = { PATH: "/usr/bin:/bin", PULUMI_HOME: "/nonexistent" };

  it("is what SHOPCTL_ENGINE says, and embedded where there is no CLI", async () => {
    expect((await selectEngine({ ...withoutCli, SHOPCTL_ENGINE: "embedded" })).kind).toBe("embedded");
    expect((await selectEngine(withoutCli)).kind).toBe("embedded");
    await expect(selectEngine({ SHOPCTL_ENGINE: "terraform" })).rejects.toMatchObject({
      code: "configuration",
      message: "SHOPCTL_ENGINE is terraform; it takes auto, pulumi or embedded",
    });
  });

  it("takes a CLI that answers, and passes over one that does not and npm's downloader", async () => {
    const bin = join(folder, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "pulumi"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const downloader = join(folder, "npm");
    await mkdir(downloader);
    await symlink(join(import.meta.dirname, "../../../node_modules/pulumi/run.js"), join(downloader, "pulumi"));
    const env = { ...withoutCli, PATH: [bin, downloader, withoutCli.PATH].join(delimiter) };
    expect((await selectEngine(env)).kind).toBe("embedded");
    await writeFile(join(bin, "pulumi"), "#!/bin/sh\necho v3.255.0\n", { mode: 0o755 });
    expect(await selectEngine(env)).toMatchObject({ kind: "pulumi-cli", version: "3.255.0" });
  });

  it("loads nothing heavy before an engine is chosen", async () => {
    const modules = ["select-engine.ts", "project-files.ts"].map((name) =>
      join(import.meta.dirname, "../../../infra/engine", name),
    );
    const code = `for (const m of ${JSON.stringify(modules)}) await import(m);
      console.log(Object.keys(process.getBuiltinModule("module")._cache).filter((file) => !file.includes("/yaml/")).length);`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code]);
    expect(stdout.trim()).toBe("0");
  });
});
