import { constants, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { identify } from "../host/process-identity.ts";

/** One letter for runsv: up, down, restart by its stop signal, hang-up (a reload), kill, exit. */
export type ControlCommand = "u" | "d" | "t" | "h" | "k" | "x";

export interface ServiceState {
  readonly state: "up" | "down" | "restarting";
  readonly pid?: number;
}

/** Sends a command to the runsv of a service folder; false when none runs there. */
export async function control(folder: string, command: ControlCommand): Promise<boolean> {
  try {
    // Without a reader this fails with ENXIO instead of waiting for one.
    const pipe = await open(join(folder, "supervise", "control"), constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      await pipe.write(command);
    } finally {
      await pipe.close();
    }
    return true;
  } catch {
    return false;
  }
}

/** Whether a runsv is at work in the folder. */
export async function isSupervised(folder: string): Promise<boolean> {
  try {
    const pipe = await open(join(folder, "supervise", "ok"), constants.O_WRONLY | constants.O_NONBLOCK);
    await pipe.close();
    return true;
  } catch {
    return false;
  }
}

/** What runsv last wrote about its process. `restarting`: it is wanted up and does not run just now. */
export function serviceState(folder: string): ServiceState {
  const status = readStatus(folder);
  if (status === undefined) return { state: "down" };
  const { pid, wanted } = status;
  if (pid !== 0 && identify(pid) !== undefined) return { state: "up", pid };
  return { state: wanted === "u" ? "restarting" : "down" };
}

/** supervise/status: 12 bytes of time, the pid (little endian), paused, wanted, term, state. */
function readStatus(folder: string): { readonly pid: number; readonly wanted: string } | undefined {
  try {
    const bytes = readFileSync(join(folder, "supervise", "status"));
    return bytes.length < 18 ? undefined : { pid: bytes.readUInt32LE(12), wanted: String.fromCharCode(bytes[17] ?? 0) };
  } catch {
    return undefined;
  }
}
