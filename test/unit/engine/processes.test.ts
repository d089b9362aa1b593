import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, it, vi } from "vitest";
import { endProcess, identify } from "../../../infra/engine/embedded/processes.ts";

afterEach(() => vi.restoreAllMocks());

it("lets a process end in an orderly way although the clock is set forward meanwhile", async () => {
  const orderly =
    'process.on("SIGTERM", () => setTimeout(() => process.exit(7), 100)); setInterval(() => {}, 1000); console.log("up")';
  const child = spawn(process.execPath, ["-e", orderly], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  await once(child.stdout, "data");
  const identity = await identify(child.pid ?? 0);
  let nowMs = Date.now();
  vi.spyOn(Date, "now").mockImplementation(() => (nowMs += 3_600_000));
  await endProcess(identity!);
  expect(await exit).toEqual([7, null]);
});
