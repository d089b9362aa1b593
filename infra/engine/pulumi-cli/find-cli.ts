import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A Pulumi CLI that answers. */
export interface PulumiCli {
  /** Absolute path of the binary. */
  readonly binary: string;
  /** Without the leading `v`. */
  readonly version: string;
}

/**
 * A CLI on PATH, or the one that npm's package `pulumi` fetched earlier. That package's own command downloads at its
 * first use, so it is passed over: looking must not fetch 150 MB.
 */
export async function findCli(env: NodeJS.ProcessEnv): Promise<PulumiCli | undefined> {
  const onPath = (env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "pulumi"));
  for (const binary of [...onPath, ...fetchedByNpm(env)]) {
    if (!isExecutable(binary) || isDownloader(binary)) continue;
    const version = await versionOf(binary);
    if (version !== undefined) return { binary, version };
  }
  return undefined;
}

/** Has npm's package `pulumi` fetch its CLI now, for those who asked for that engine. */
export async function fetchCli(env: NodeJS.ProcessEnv): Promise<PulumiCli | undefined> {
  try {
    await run(process.execPath, [join(npmPackage().folder, "run.js"), "version"], { env, timeout: 300_000 });
  } catch {
    return undefined;
  }
  return await findCli(env);
}

function fetchedByNpm(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    const home = env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
    return [join(home, "versions", npmPackage().version, "bin", "pulumi")];
  } catch {
    return [];
  }
}

function npmPackage(): { readonly folder: string; readonly version: string } {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve("pulumi/package.json");
  return { folder: dirname(manifest), version: (require(manifest) as { version: string }).version };
}

function isDownloader(binary: string): boolean {
  return realpathSync(binary).includes(`${sep}node_modules${sep}pulumi${sep}`);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function versionOf(binary: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(binary, ["version"], {
      timeout: 20_000,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return /^v?(\d+\.\d+\.\d+\S*)/.exec(stdout.trim())?.[1];
  } catch {
    return undefined;
  }
}
