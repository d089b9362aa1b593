import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contentHash } from "../../../infra/local/release/content-hash.ts";
import { isKept } from "../../../infra/local/release/kept-releases.ts";
import { localProvider } from "../../../infra/local/provider/provider.ts";
import { watchSyncs } from "../../support/watch-syncs.ts";
import { TestEnvironment, urnOf } from "./support/test-environment.ts";
import type { Held } from "./support/test-environment.ts";

let it: TestEnvironment;
let source: string;

beforeAll(async () => {
  it = await TestEnvironment.create();
  source = mkdtempSync("/tmp/shopctl-release-");
  cpSync(join(import.meta.dirname, "fixtures", "small-service"), source, { recursive: true });
});
afterAll(async () => {
  rmSync(source, { recursive: true, force: true });
  await it.destroy();
});

const releases = (): string => it.environment.paths.releases;
const install = (hash = contentHash(source)): Promise<Held> =>
  it.make("Release", { releases: releases(), source, hash, node: process.execPath });
const keeping = (hash = contentHash(source)): Promise<Held> =>
  it.make("Release", { releases: releases(), source, hash, node: process.execPath, keep: 2 });
const differences = async ({ id, state }: Held): Promise<unknown> =>
  (await localProvider.read(id, urnOf("Release"), state)).props["differences"] ?? [];
const runtimes = (): string[] => readdirSync(join(releases(), ".runtimes"));

test("a release is a copy that a later build does not change, with the Node that runs it", async () => {
  const first = await install();
  const folder = String(first.state["folder"]);
  const before = readFileSync(join(folder, "main.js"), "utf8");
  writeFileSync(join(source, "main.js"), `${before}// another build\n`);
  const second = await install();
  expect(second.id).not.toBe(first.id);
  expect(readFileSync(join(folder, "main.js"), "utf8")).toBe(before);
  expect(statSync(join(folder, "node")).mode & 0o777).toBe(0o755);
  expect(statSync(join(folder, "node")).ino).toBe(statSync(join(String(second.state["folder"]), "node")).ino);

  await it.remove("Release", first);
  expect(existsSync(folder)).toBe(false);
  expect(runtimes().length).toBe(1);
  await it.remove("Release", second);
  expect(runtimes()).toEqual([]);
});

test("a release is on the disk, with its Node, before it has its name", async () => {
  const unsynced = await watchSyncs();
  const made = await install();
  expect(unsynced(String(made.state["folder"]))).toEqual([]);
  expect(unsynced(join(releases(), ".runtimes", runtimes()[0]!))).toEqual([]);
  await it.remove("Release", made);
});

test("a release that was made again is not removed by the deletion of the earlier one", async () => {
  const first = await install();
  const second = await install();
  await it.remove("Release", first);
  expect(existsSync(String(second.state["folder"]))).toBe(true);
  await it.remove("Release", second);
  expect(existsSync(String(second.state["folder"]))).toBe(false);
});

test("a release whose removal had begun is installed again when it is wanted again", async () => {
  const inputs = { releases: releases(), source, hash: contentHash(source), node: process.execPath };
  const held = await it.make("Release", inputs);
  await it.remove("Release", held);
  expect(await it.upTo("Release", held, inputs)).toBe("updated");
  expect(contentHash(String(held.state["folder"]), ["node", "package.json"])).toBe(held.id);
  await it.remove("Release", held);
  expect(existsSync(String(held.state["folder"]))).toBe(false);
});

test("a release whose files were changed or lost is copied anew by the next update, while its build is there", async () => {
  const inputs = { releases: releases(), source, hash: contentHash(source), node: process.execPath };
  const held = await it.make("Release", inputs);
  const folder = String(held.state["folder"]);
  const before = readFileSync(join(folder, "main.js"), "utf8");
  for (const spoil of [
    () => writeFileSync(join(folder, "main.js"), "// changed by hand\n"),
    () => rmSync(join(folder, "main.js")),
    () => rmSync(join(folder, "node")),
  ]) {
    spoil();
    expect(await differences(held)).toHaveLength(1);
    await it.change("Release", held, inputs);
    expect(await differences(held)).toEqual([]);
  }
  expect(readFileSync(join(folder, "main.js"), "utf8")).toBe(before);
  expect(readdirSync(releases()).filter((name) => /^\.(new|gone)-/.test(name))).toEqual([]);

  writeFileSync(join(folder, "main.js"), "// changed by hand\n");
  writeFileSync(join(source, "main.js"), `${before}// another build again\n`);
  await it.change("Release", held, inputs);
  expect(readFileSync(join(folder, "main.js"), "utf8")).toBe("// changed by hand\n");
  await it.remove("Release", held);
});

test("a build that changes while it is copied is refused and nothing is installed", async () => {
  await expect(install("0123456789ab")).rejects.toThrow(/changed while it was being copied/);
  expect(readdirSync(releases()).filter((name) => !name.startsWith("."))).toEqual([]);
});

test("releases that nothing runs any more stay for a way back, the oldest of them go, and one is taken as it is", async () => {
  const made: Held[] = [];
  for (const number of [1, 2, 3]) {
    writeFileSync(join(source, "main.js"), `// build ${number}\n`);
    const held = await keeping();
    made.push(held);
    await it.remove("Release", held);
  }
  const standing = made.map(({ state }) => existsSync(String(state["folder"])));
  expect(standing).toEqual([false, true, true]);
  const again = await keeping(made[1]!.id);
  expect([again.state["folder"], isKept(releases(), again.id), isKept(releases(), made[2]!.id)]).toEqual([
    made[1]!.state["folder"],
    false,
    true,
  ]);
  await expect(keeping(made[0]!.id)).rejects.toThrow(
    /^release [0-9a-f]{12} is not in .*, and the build in .* is another/,
  );
});
