import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface Finished {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

const program = join(import.meta.dirname, "..", "..", "bin", "shopctl");

/** The built product as a user starts it, in a state home of the test's own. */
export function installedShopctl(home: string): {
  run(...args: string[]): Promise<Finished>;
  /** Started and left to the test, e.g. to be killed; it is Node itself, so its pid is shopctl's. */
  start(...args: string[]): { readonly child: ChildProcess; readonly finished: Promise<Finished> };
} {
  const env = { ...process.env, SHOPCTL_HOME: home, NO_COLOR: "1" };
  const start = (...args: string[]): { child: ChildProcess; finished: Promise<Finished> } => {
    const startedAt = performance.now();
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const finished = new Promise<Finished>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) =>
        resolve({
          exit: code ?? (signal === "SIGKILL" ? 137 : 1),
          stdout,
          stderr,
          tookMs: performance.now() - startedAt,
        }),
      );
    });
    return { child, finished };
  };
  return { start, run: (...args) => start(...args).finished };
}

/** Processes whose command line or working folder is inside a folder; one line each. */
export function processesIn(folder: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => `${pid} ${commandLine(pid)}`)
    .filter((line) => line.includes(`${folder}/`));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
