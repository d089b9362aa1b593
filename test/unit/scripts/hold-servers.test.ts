import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startChild, type Child } from "../../support/child.ts";
import { waitUntil } from "../../support/wait-until.ts";

const script = join(import.meta.dirname, "../../../scripts/hold-servers.sh");
/** Stands for the installation: shows the policy that it runs under. */
const shown = ["/bin/sh", "-c", 'cat "$0"'];
const endless = ["/bin/sh", "-c", 'cat "$0"; exec sleep 60'];

let folder = "";
let policy = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "policy-"));
  policy = join(folder, "policy-rc.d");
});
afterEach(() => rmSync(folder, { recursive: true }));

const hold = (command: readonly string[]): Child =>
  startChild(script, [policy, ...command, policy], { detached: true });

/** As a terminal signals: all that runs in the foreground. */
async function interrupt(child: Child, signal: NodeJS.Signals): Promise<void> {
  await waitUntil("the policy", () => child.output().includes("exit 101\n"));
  process.kill(-child.pid, signal);
  await child.exited;
}

test("no server starts while packages are installed, and servers may again after", async () => {
  const child = hold(shown);
  expect(await child.exited).toBe(0);
  expect(child.output()).toMatch(/^#!\/bin\/sh\n.*\nexit 101\n$/);
  expect(existsSync(policy)).toBe(false);
});

test("an installation that fails is a failure, and leaves no policy", async () => {
  expect(await hold(["/bin/sh", "-c", "exit 100"]).exited).toBe(100);
  expect(existsSync(policy)).toBe(false);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("one that %s ends leaves no policy", async (signal) => {
  await interrupt(hold(endless), signal);
  expect(existsSync(policy)).toBe(false);
});

test("the policy of a set-up that was killed is taken away by the next", async () => {
  await interrupt(hold(endless), "SIGKILL");
  expect(existsSync(policy)).toBe(true);
  expect(await hold(shown).exited).toBe(0);
  expect(existsSync(policy)).toBe(false);
});

test("a policy that somebody else made stays as it is", async () => {
  writeFileSync(policy, "#!/bin/sh\nexit 101\n");
  expect(await hold(shown).exited).toBe(0);
  expect(readFileSync(policy, "utf8")).toBe("#!/bin/sh\nexit 101\n");
});
