import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";

/** A process that a test started, with what it wrote; `stop` waits until it is gone. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Everything on stdout and stderr so far. */
  output(): string;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a program whose output is kept; it is killed if the test process goes first. */
export function startChild(command: string, args: readonly string[], options: SpawnOptions = {}): Child {
  const child = spawn(command, [...args], { stdio: ["ignore", "pipe", "pipe"], ...options });
  const written: string[] = [];
  child.stdout?.on("data", (chunk: Buffer) => written.push(chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => written.push(chunk.toString()));
  running.add(child);
  const exited = new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      running.delete(child);
      resolve(code ?? signal ?? "unknown");
    });
  });
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return {
    process: child,
    pid: child.pid,
    output: () => written.join(""),
    exited,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return exited;
    },
  };
}
