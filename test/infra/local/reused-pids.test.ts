import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalEnvironment } from "../../../infra/environment/environment.ts";
import { createEnvironment } from "../../../infra/environment/store.ts";
import { identify, signalProcess } from "../../../infra/local/host/process-identity.ts";
import { removeOrphans } from "../../../infra/local/operations/orphans.ts";
import { removeService } from "../../../infra/local/supervision/remove-service.ts";
import { newHome } from "./support/test-environment.ts";

/** What has a pid by now that something of the environment had before. */
let stranger: ChildProcess;
let environment: LocalEnvironment;
let home: string;
beforeEach(async () => {
  home = newHome();
  environment = await createEnvironment({ name: "shop", home });
  stranger = spawn("/bin/sleep", ["600"], { stdio: "ignore" });
  await once(stranger, "spawn");
});
afterEach(async () => {
  const exit = once(stranger, "exit");
  if (stranger.exitCode === null && stranger.signalCode === null && stranger.kill("SIGKILL")) await exit;
  rmSync(home, { recursive: true });
});

const pid = (): number => stranger.pid ?? 0;
const startTicks = (): number => identify(pid())?.startTicks ?? 0;

test("a signal reaches the process that was meant, and none that has its pid by now", async () => {
  const exit = once(stranger, "exit");
  signalProcess({ pid: pid(), startTicks: startTicks() - 1 }, "SIGKILL");
  signalProcess({ pid: pid(), startTicks: startTicks() }, "SIGTERM");
  expect(await exit).toEqual([null, "SIGTERM"]);
});

test("an orphan's pid that is another process's when it is to be ended is left alone", async () => {
  const earlier = { kind: "process", name: String(pid()), startTicks: startTicks() - 1 } as const;
  await removeOrphans(environment, [earlier]);
  expect(identify(pid())).toBeDefined();
  await removeOrphans(environment, [{ ...earlier, startTicks: startTicks() }]);
  expect(identify(pid())).toBeUndefined();
});

test("the pid of a service that died with its runsv, as in a reboot, is left alone once it is another process's", async () => {
  const supervise = join(environment.paths.services, "web-1", "supervise");
  mkdirSync(supervise, { recursive: true });
  const status = Buffer.alloc(20);
  status.writeUInt32LE(pid(), 12);
  status.write("u", 17);
  writeFileSync(join(supervise, "status"), status);
  writeFileSync(join(supervise, "pid"), `${pid()}\n`);
  await removeService(environment.paths, "web-1", { stopTimeoutMs: 500 });
  expect(identify(pid())).toBeDefined();
});
