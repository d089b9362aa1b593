import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { program } from "../../../infra/local/host/programs.ts";
import { writeVariables } from "../../../infra/local/supervision/write-variables.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { watchSyncs } from "../../support/watch-syncs.ts";

const run = promisify(execFile);

let service: string;
beforeEach(() => (service = mkdtempSync("/tmp/shopctl-variables-")));
afterEach(() => rmSync(service, { recursive: true }));

/** What a process has that is started in the service's folder as runit does it. */
async function started(): Promise<string> {
  const command = ["-e", "./env", "/bin/sh", "-c", 'printf "%s|%s" "$FIRST" "$SECOND"'];
  return (await run(program("chpst"), command, { cwd: service, env: {} })).stdout;
}

const folder = (): string => realpathSync(join(service, "env"));

test("a process gets what was written, and only root or its owner can read it", async () => {
  await writeVariables(service, { FIRST: "a b", SECOND: "two\nlines" });
  expect(await started()).toBe("a b|two\nlines");
  expect([statSync(folder()).mode & 0o777, statSync(join(folder(), "FIRST")).mode & 0o777]).toEqual([0o700, 0o600]);
});

test("whoever reads them while they change finds all of the old or all of the new ones", async () => {
  await writeVariables(service, { FIRST: "0", SECOND: "0" });
  const looks = new Int32Array(new SharedArrayBuffer(4));
  const reader = new Worker(join(import.meta.dirname, "fixtures", "read-variables.ts"), {
    workerData: { service, looks },
  });
  const failures: unknown[] = [];
  reader.on("error", (error) => failures.push(error));
  const change = async (value: string): Promise<void> => {
    await writeVariables(service, { FIRST: value, SECOND: value });
    const before = Atomics.load(looks, 0);
    await waitUntil(
      "a look that began after the change",
      () => failures.length > 0 || Atomics.load(looks, 0) > before + 1,
    );
  };
  try {
    for (let round = 1; round <= 40; round += 1) await change(String(round));
    expect(failures).toEqual([]);
  } finally {
    await reader.terminate();
  }
});

test("what did not change is not written again, and what somebody changed is", async () => {
  await writeVariables(service, { FIRST: "1" });
  const written = statSync(join(folder(), "FIRST")).ino;
  await writeVariables(service, { FIRST: "1" });
  expect(statSync(join(folder(), "FIRST")).ino).toBe(written);
  writeFileSync(join(folder(), "FIRST"), "2\n");
  await writeVariables(service, { FIRST: "1" });
  expect(readFileSync(join(folder(), "FIRST"), "utf8")).toBe("1\n");
  await writeVariables(service, {});
  expect(readdirSync(folder())).toEqual([]);
});

test("they are on the disk before they count, and a write that was killed leaves nothing for long", async () => {
  mkdirSync(join(service, "env-killed"));
  writeFileSync(join(service, "env.new"), "");
  const unsynced = await watchSyncs();
  await writeVariables(service, { FIRST: "1", SECOND: "2" });
  expect(unsynced(folder()).filter((path) => path !== service)).toEqual([]);
  expect(readdirSync(service).toSorted()).toEqual(["env", folder().slice(service.length + 1)]);
});

test("a folder of variables, as services of before have, becomes a link", async () => {
  mkdirSync(join(service, "env"));
  writeFileSync(join(service, "env", "FIRST"), "1\n");
  await writeVariables(service, { FIRST: "1" });
  await writeVariables(service, { FIRST: "2" });
  expect(await started()).toBe("2|");
  await writeVariables(service, { FIRST: "3" });
  expect(readdirSync(service).filter((name) => name.startsWith("env-"))).toHaveLength(2);
});
