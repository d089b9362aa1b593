import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { endProcess, identify, type ProcessIdentity } from "./processes.ts";

/**
 * Loaded into every child ahead of its own code: the child ends when its standard input closes, which happens when this
 * process dies, however it dies.
 */
const endWithParent =
  "data:text/javascript,process.stdin.on('end',()=>process.exit(1)).on('error',()=>process.exit(1)).resume().unref?.()";

export interface ChildOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
}

/** A Node process that cannot outlive this one. */
export class NodeChild {
  readonly #process: ChildProcess;
  readonly identity: Promise<ProcessIdentity | undefined>;
  /** Resolves when it has ended; the code is null after a signal. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;

  constructor({ args, cwd, env, onLine }: ChildOptions) {
    this.#process = spawn(process.execPath, ["--import", endWithParent, ...args], {
      cwd,
      env,
      // A Ctrl-C goes to the terminal's whole process group; only the engine decides when its children stop.
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const { pid, stdout, stderr, stdin } = this.#process;
    stdin?.on("error", () => undefined);
    for (const [stream, name] of [
      [stdout, "stdout"],
      [stderr, "stderr"],
    ] as const) {
      if (stream !== null) createInterface({ input: stream }).on("line", (line) => onLine(line, name));
    }
    this.identity = pid === undefined ? Promise.resolve(undefined) : identify(pid);
    this.exited = ended(this.#process);
  }

  /** Ends it, by force after `graceMs`. */
  async end(graceMs = 2_000): Promise<void> {
    const identity = await this.identity;
    this.#process.stdin?.end();
    if (identity !== undefined && this.#process.exitCode === null && this.#process.signalCode === null) {
      await endProcess(identity, graceMs);
    }
    await this.exited;
  }
}

async function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  try {
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return { code, signal };
  } catch {
    return { code: 127, signal: null };
  }
}

/** This process's environment without what only the engine may know, and with no proxy for loopback. */
export function childEnvironment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, no_grpc_proxy: "127.0.0.1", ...extra };
  for (const name of ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_DEBUG_GRPC"])
    delete env[name];
  return env;
}
