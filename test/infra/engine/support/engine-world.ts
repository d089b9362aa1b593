import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { StackReference } from "../../../../infra/engine/engine.ts";
import { ensurePassphrase, setConfig, writeProject } from "../../../../infra/engine/project-files.ts";

const fixtures = join(import.meta.dirname, "..", "fixtures");

/** A thing that the test program is to make; see fixtures/programs/from-config.js. */
export interface ThingSpec {
  readonly name: string;
  readonly pair?: boolean | "provider";
  readonly props?: Readonly<Record<string, unknown>>;
  readonly opts?: Readonly<Record<string, unknown>>;
  readonly exit?: boolean;
}

/** A stack of its own in a temporary folder, with the test provider and the program that builds what the config lists. */
export class EngineWorld {
  readonly folder: string;
  readonly stack: StackReference;

  private constructor(folder: string) {
    this.folder = folder;
    this.stack = {
      project: "shop",
      stack: "dev",
      workDir: join(folder, "work"),
      backendUrl: pathToFileURL(join(folder, "state")).href,
      passphraseFile: join(folder, "passphrase"),
    };
  }

  static async create(program = "from-config.js"): Promise<EngineWorld> {
    const world = new EngineWorld(await mkdtemp(join(tmpdir(), "engine-test-")));
    process.env["TEST_PROVIDER_FOLDER"] = world.folder;
    await ensurePassphrase(world.stack.passphraseFile);
    await world.useProgram(program);
    await world.configure([]);
    return world;
  }

  async useProgram(program: string, providers = [{ name: "test", path: join(fixtures, "provider") }]): Promise<void> {
    await writeProject(this.stack, { main: join(fixtures, "programs", program), providers });
  }

  async configure(things: readonly ThingSpec[], password = "s3cret-password"): Promise<void> {
    await setConfig(this.stack, {
      "shop:things": { value: things },
      "shop:password": { value: password, secret: true },
    });
  }

  /** Calls that the provider got since the last time, without checks and diffs unless asked for. */
  async calls(all = false): Promise<readonly string[]> {
    const file = join(this.folder, "calls.log");
    if (!existsSync(file)) return [];
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    await rm(file);
    return lines.filter((line) => all || !/^(check|diff) /.test(line));
  }

  /** Names of the things that exist. */
  async things(): Promise<readonly string[]> {
    return (await readdir(join(this.folder, "things"))).toSorted();
  }

  /** Resolves when the provider has written a file of this name, such as `hanging`. */
  async until(file: string): Promise<string> {
    for (let tries = 0; tries < 1_000; tries += 1) {
      const text = await readFile(join(this.folder, file), "utf8").catch(() => "");
      if (text !== "") return text;
      await sleep(20);
    }
    throw new Error(`${file} did not appear`);
  }

  /** Command lines of processes of the fixtures that run for this world. */
  async leftProcesses(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const read = async (file: string): Promise<string> =>
        await readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
      const command = (await read("cmdline")).replaceAll("\0", " ");
      if (!command.includes("/fixtures/") && !command.includes("--monitor")) continue;
      if ((await read("environ")).includes(this.folder)) left.push(command);
    }
    return left;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
