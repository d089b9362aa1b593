import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { commandOf } from "./process-identity.ts";

/** Who listens on a port of this machine. */
export interface Listener {
  /** Undefined where this account may not look into the process that it is. */
  readonly pid?: number;
  /** Name of the program. */
  readonly program: string;
}

const listening = "0A";

/** The process that listens on a TCP port; one of `expected` when it is among them, for a socket may be inherited. */
export function listenerOf(port: number, expected: readonly number[]): Listener | undefined {
  const inodes = inodesOf(port);
  if (inodes.size === 0) return undefined;
  const others = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const pid = [...expected, ...others].find((candidate) => holdsOne(candidate, inodes));
  if (pid === undefined) return { program: "a process that cannot be seen" };
  return { pid, program: (commandOf(pid)[0] ?? "").split("/").at(-1) ?? "" };
}

/** Inodes of the sockets that listen on a port, of both address families. */
function inodesOf(port: number): ReadonlySet<string> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => read(file).split("\n").slice(1));
  const fields = lines.map((line) => line.trim().split(/\s+/));
  return new Set(
    fields.flatMap((field) => (field[1]?.endsWith(suffix) && field[3] === listening ? (field[9] ?? []) : [])),
  );
}

function holdsOne(pid: number, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlink(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    return false;
  }
}

function readlink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
