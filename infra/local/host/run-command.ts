import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { HostError } from "./host-error.ts";
import type { OsUser } from "./os-users.ts";
import { isRoot } from "./os-users.ts";
import { searchPath } from "./programs.ts";

export interface CommandOptions {
  /** Account to run as; only root can change it. */
  readonly user?: OsUser;
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The command is killed after this time, in ms. */
  readonly timeoutMs: number;
  /**
   * Whether the kernel kills it when this process dies (Linux), and nothing else does: not a Ctrl-C at the terminal either,
   * through which this process may go on. For a command that would otherwise go on for long.
   */
  readonly endsWithUs?: boolean;
  /** Told each line as it comes. */
  readonly onLine?: (stream: "stdout" | "stderr", line: string) => void;
}

/** Part of util-linux. */
const setpriv = "/usr/bin/setpriv";

/** What every child gets of the environment: nothing of ours, so that no passphrase travels further than needed. */
export function plainEnvironment(): Record<string, string> {
  return { PATH: searchPath(), LANG: "C.UTF-8", HOME: "/" };
}

/** Runs a command to its end and gives its stdout. Throws HostError `command-failed` with the last lines it wrote. */
export async function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const identity = options.user !== undefined && isRoot() ? { uid: options.user.uid, gid: options.user.gid } : {};
  const leashed = options.endsWithUs === true && existsSync(setpriv);
  const [command, words] = leashed ? [setpriv, ["--pdeathsig", "KILL", file, ...args]] : [file, args];
  const child = spawn(command, words, {
    ...identity,
    cwd: options.cwd ?? "/",
    env: { ...plainEnvironment(), ...options.environment },
    // A terminal sends its signals to all of its foreground's group.
    detached: leashed,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: options.timeoutMs,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let all = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    all += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    all += text;
  });
  const { onLine } = options;
  if (onLine !== undefined) {
    for (const stream of ["stdout", "stderr"] as const)
      createInterface({ input: child[stream] }).on("line", (line) => onLine(stream, line));
  }
  const outcome = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) =>
      resolve(code === 0 ? undefined : signal === null ? `exit ${code}` : `ended by ${signal}`),
    );
  });
  if (outcome !== undefined) {
    throw new HostError("command-failed", `${file} failed (${outcome}): ${lastLines(all, 12)}`);
  }
  return stdout;
}

/** The last `count` lines of a text. */
export function lastLines(text: string, count: number): string {
  return text.trim().split("\n").slice(-count).join("\n");
}
