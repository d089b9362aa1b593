import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

const adapters = join(import.meta.dirname, "../../../cli/adapters");

/** A process that is in the middle of something which a stop ends after 300 ms, by a code of its own. */
function start(stdio: "pipe" | number, more = ""): ChildProcess {
  const program = `
    import { watchOutlets } from "${adapters}/lost-outlets.ts";
    import { StopSignal } from "${adapters}/stop-signal.ts";
    watchOutlets();
    ${more}
    console.log("begun");`;
  const args = ["--input-type=module", "-e", program];
  const child = spawn(process.execPath, args, { stdio: ["ignore", stdio, "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

const atWork = `
  const hold = setInterval(() => { console.error("progress"); console.log("more"); }, 20);
  const stop = new StopSignal(() => setTimeout(() => process.exit(stop.name === "SIGTERM" ? 42 : 1), 300));`;

it("a terminal that is closed stops what is at work as SIGTERM does", async () => {
  const child = start("pipe", atWork);
  await once(child.stdout!, "data");
  child.kill("SIGHUP");
  expect(await once(child, "exit")).toEqual([42, null]);
});

it("a reader of stdout that has gone stops it too, once; without work there is nothing more to do", async () => {
  const [busy, idle] = [start("pipe", atWork), start("pipe", 'setInterval(() => console.log("more"), 20);')];
  for (const child of [busy, idle]) {
    await once(child.stdout!, "data");
    child.stdout!.destroy();
  }
  const ends = await Promise.all([once(busy, "exit"), once(idle, "exit")]);
  expect(ends).toEqual([
    [42, null],
    [0, null],
  ]);
});

it("a reader of progress that has gone stops nothing", async () => {
  const child = start("pipe", atWork);
  await once(child.stderr!, "data");
  child.stderr!.destroy();
  child.stdout!.resume();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([42, null]);
});

it("an answer that the disk does not take is said in words", async () => {
  const child = start(openSync("/dev/full", "w"));
  let said = "";
  child.stderr!.on("data", (data: Buffer) => (said += data.toString()));
  expect(await once(child, "exit")).toEqual([15, null]);
  expect(said).toMatch(/^✖ The answer cannot be written: ENOSPC[^\n]*\n$/);
});
