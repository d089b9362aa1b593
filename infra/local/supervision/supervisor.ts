import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { randomInt } from "node:crypto";
import { rm } from "node:fs/promises";
import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import { poll } from "../host/poll.ts";
import { identify, isSameProcess, signalProcess } from "../host/process-identity.ts";
import { program } from "../host/programs.ts";
import { plainEnvironment } from "../host/run-command.ts";
import { componentPlaces } from "../layout.ts";

/** Pid of the environment's runsvdir, or undefined when it does not run. */
export function supervisorPid(paths: PathPlan): number | undefined {
  try {
    const pid = Number(readFileSync(componentPlaces(paths).supervisorRecord, "utf8"));
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    // The pid may be another process' by now: only a runsvdir of this very folder is ours.
    return identify(pid) !== undefined && command.includes(paths.services) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Starts the environment's runsvdir as a process that outlives this one; does nothing when it runs. */
export async function startSupervisor(paths: PathPlan): Promise<number> {
  const running = supervisorPid(paths);
  if (running !== undefined) return running;
  const places = componentPlaces(paths);
  const log = openSync(places.supervisorLog, "a", 0o640);
  try {
    // The shell records its pid before it becomes runsvdir, so that a kill of ours in between leaves no unknown process.
    // runsvdir keeps messages of its own children in its last argument; it also makes them wake it up (see `rescan`).
    const script = 'echo $$ > "$1.new" && mv "$1.new" "$1" && exec "$2" -P "$3" "log: $4"';
    spawn(
      "/bin/sh",
      ["-c", script, "sh", places.supervisorRecord, program("runsvdir"), paths.services, ".".repeat(200)],
      {
        detached: true,
        cwd: "/",
        env: plainEnvironment(),
        stdio: ["ignore", log, log],
      },
    ).unref();
  } finally {
    closeSync(log);
  }
  const pid = await poll(() => supervisorPid(paths), { timeoutMs: 5_000, intervalMs: 10 });
  if (pid === undefined)
    throw new HostError("not-ready", `runsvdir did not start for ${paths.services}; see ${places.supervisorLog}`);
  return pid;
}

/**
 * Makes runsvdir look at its folder now. By itself it looks every five seconds and then waits for the second of the
 * last change to pass: a modification time in the past avoids the second wait, a byte in its log pipe the first.
 */
export function rescan(paths: PathPlan): void {
  try {
    const past = Math.floor(Date.now() / 1_000) - randomInt(60, 1_000_000);
    utimesSync(paths.services, past, past);
    const pid = supervisorPid(paths);
    if (pid !== undefined) writeFileSync(`/proc/${pid}/fd/2`, ".");
  } catch {
    // Only a matter of speed.
  }
}

/** Ends the environment's runsvdir, which ends its runsv, which end their processes. */
export async function stopSupervisor(paths: PathPlan): Promise<void> {
  const pid = supervisorPid(paths);
  const supervisor = pid === undefined ? undefined : identify(pid);
  if (supervisor !== undefined) {
    signalProcess(supervisor, "SIGHUP");
    const ended = await poll(() => (isSameProcess(supervisor) ? undefined : true), {
      timeoutMs: 5_000,
      intervalMs: 20,
    });
    if (ended === undefined) signalProcess(supervisor, "SIGKILL");
  }
  await rm(componentPlaces(paths).supervisorRecord, { force: true });
}
