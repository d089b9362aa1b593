import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startChild, type Child } from "../../support/child.ts";

const root = join(import.meta.dirname, "../../..");

/** What a command of shopctl ended with. */
export interface Outcome {
  readonly exit: number | string;
  /** stdout as JSON; undefined when it is not. */
  readonly json: Record<string, unknown>;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A state home of its own, with shopctl as a user types it: the build, which is made anew when a source is newer. Made when it is
 * first asked for: a file whose tests are skipped leaves nothing.
 */
export class ShopctlHome {
  readonly #commands = new Set<Child>();
  #folder: string | undefined;

  /** Under /var/tmp and open to all: the servers run under accounts of their own, and socket paths must be short. */
  get folder(): string {
    if (this.#folder !== undefined) return this.#folder;
    execFileSync(process.execPath, [join(root, "scripts/build.ts")], { stdio: "ignore" });
    this.#folder = mkdtempSync("/var/tmp/shopctl-");
    chmodSync(this.#folder, 0o755);
    return this.#folder;
  }

  /** Runs a command with `--json` to its end. */
  async run(...args: string[]): Promise<Outcome> {
    return await this.runWith({}, ...args);
  }

  /** The same with environment variables of its own. */
  async runWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Outcome> {
    const child = this.#start([...args, "--json"], { ...this.env(), ...env });
    const streams = { stdout: "", stderr: "" };
    child.process.stdout?.on("data", (chunk: Buffer) => (streams.stdout += chunk.toString()));
    child.process.stderr?.on("data", (chunk: Buffer) => (streams.stderr += chunk.toString()));
    const exit = await child.exited;
    return { exit, json: parse(streams.stdout), ...streams };
  }

  start(...args: string[]): Child {
    return this.#start(args, this.env());
  }

  #start(args: readonly string[], env: NodeJS.ProcessEnv): Child {
    const child = startChild(join(root, "bin/shopctl"), args, { env });
    this.#commands.add(child);
    return child;
  }

  env(): NodeJS.ProcessEnv {
    const { SHOPCTL_ENV: _environment, ...env } = process.env;
    return { ...env, SHOPCTL_HOME: this.folder, SHOPCTL_ENGINE: "embedded", NO_COLOR: "1" };
  }

  /** Command lines of processes that have to do with this home. */
  processes(): readonly string[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
          return line.includes(`${this.folder}/`) ? [`${pid} ${line}`] : [];
        } catch {
          return [];
        }
      });
  }

  /**
   * Removes the home and its environment, also after a test that failed: a command that it left at work is killed, and what cannot
   * be destroyed is destroyed by force. Throws when that was needed, and when a process of it is still there.
   */
  async end(environment?: string): Promise<void> {
    if (this.#folder === undefined) return;
    await Promise.all([...this.#commands].map((command) => command.stop("SIGKILL")));
    const failed = environment === undefined ? undefined : await this.#destroy(environment);
    const left = this.processes();
    rmSync(this.folder, { recursive: true, force: true });
    if (failed !== undefined)
      throw new Error(`env destroy ended with ${failed.exit}: ${failed.stderr}${failed.stdout}`);
    if (left.length > 0) throw new Error(`these are left: ${left.join("; ")}`);
  }

  /** How it ended when force was needed. */
  async #destroy(name: string): Promise<Outcome | undefined> {
    if (!existsSync(join(this.folder, "environments", name))) return undefined;
    const destroy = ["env", "destroy", name, "--confirm", name];
    const destroyed = await this.run(...destroy);
    if (destroyed.exit === 0) return undefined;
    await this.run(...destroy, "--force");
    return destroyed;
  }
}

/** Files of a folder and of those in it. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
