import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { currentUser, isRoot } from "../local/host/os-users.ts";
import { choosePorts } from "./choose-ports.ts";
import { makeFolder } from "../engine/make-folder.ts";
import { renameDurably, writeDurably } from "../engine/write-durably.ts";
import { withCreationLock } from "./creation-lock.ts";
import { EnvironmentError, unknownEnvironment } from "./environment-error.ts";
import { environmentNameSchema } from "./environment-name.ts";
import { environmentSchema } from "./environment.ts";
import type { AwsEnvironment, Environment, LocalEnvironment } from "./environment.ts";
import { checkHome } from "./check-home.ts";
import { pathPlanOf } from "./path-plan.ts";

/** The folder that holds all state of this user: `SHOPCTL_HOME`, else `/var/lib/shopctl` for root, else the XDG state folder. */
export function stateHome(env: NodeJS.ProcessEnv): string {
  const given = env["SHOPCTL_HOME"];
  if (given !== undefined && given !== "") return resolve(given);
  if (isRoot()) return "/var/lib/shopctl";
  const state = env["XDG_STATE_HOME"];
  return join(state !== undefined && state !== "" ? state : join(homedir(), ".local", "state"), "shopctl");
}

/**
 * Fixes a new environment's ports and paths on this machine and writes them down; starts nothing. Throws EnvironmentError
 * `invalid-name | exists | no-ports | no-disk | home-unreachable | path-unusable | path-too-long | locked`.
 */
export async function createEnvironment({ name, home }: NewEnvironment): Promise<LocalEnvironment> {
  // HostError `missing-user` before anything is made: Postgres could not be set up.
  currentUser();
  await makeHome(home, name);
  const paths = pathPlanOf(home, name);
  await checkHome(home, paths);
  return withCreationLock(home, async () => {
    const others = await listEnvironments(home);
    const ports = await choosePorts(
      home,
      others.flatMap((other) => (other.target === "local" ? [other.ports] : [])),
    );
    return await writeNew({ version: 1, name, target: "local", createdAt: new Date().toISOString(), ports, paths });
  });
}

/**
 * Writes down what an environment on AWS is told; makes nothing there. Throws EnvironmentError
 * `invalid-name | exists | locked`.
 */
export async function createAwsEnvironment({
  name,
  home,
  settings,
  secretsProvider,
}: NewEnvironment & Pick<AwsEnvironment, "settings" | "secretsProvider">): Promise<AwsEnvironment> {
  await makeHome(home, name);
  const paths = pathPlanOf(home, name);
  const createdAt = new Date().toISOString();
  return withCreationLock(home, () =>
    writeNew({ version: 1, name, target: "aws", createdAt, paths, settings, secretsProvider }),
  );
}

/** Replaces what an environment on AWS is told, e.g. by the image of another release. */
export async function saveSettings(environment: AwsEnvironment, settings: AwsEnvironment["settings"]): Promise<void> {
  await writeDurably(join(environment.paths.root, fileName), textOf({ ...environment, settings }));
}

interface NewEnvironment {
  readonly name: string;
  readonly home: string;
}

async function makeHome(home: string, name: string): Promise<void> {
  if (!environmentNameSchema.safeParse(name).success) {
    throw new EnvironmentError(
      "invalid-name",
      `"${name}" cannot name an environment: 1 to 20 lower-case letters, digits and dashes, a letter first`,
    );
  }
  await makeFolder(join(home, "environments"), 0o755);
  await sweepRemoved(home);
}

/** Under the creation lock; the folder gets its name when it is complete. */
async function writeNew<T extends Environment>(environment: T): Promise<T> {
  const { name, paths } = environment;
  if (existsSync(paths.root))
    throw new EnvironmentError(
      "exists",
      `there is an environment ${name} already; \`shopctl env show ${name}\` shows it`,
    );
  const draft = join(dirname(paths.root), `.new-${name}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o755 });
  await writeFile(join(draft, fileName), textOf(environment), { mode: 0o644 });
  await renameDurably(draft, paths.root);
  return environment;
}

function textOf(environment: Environment): string {
  return `${JSON.stringify(environment, null, 2)}\n`;
}

/** Reads an environment. Throws EnvironmentError `unknown-environment` or `corrupt`. */
export async function loadEnvironment(home: string, name: string): Promise<Environment> {
  const { root } = pathPlanOf(home, name);
  const file = join(root, fileName);
  if (!environmentNameSchema.safeParse(name).success || !existsSync(root)) {
    await sweepRemoved(home);
    throw unknownEnvironment(name);
  }
  const environment = await parseFile(file);
  if (environment.name !== name || environment.paths.root !== root) {
    throw new EnvironmentError(
      "corrupt",
      `${file} is of ${environment.paths.root}; an environment cannot be moved or copied`,
    );
  }
  return environment;
}

/** All environments of a home that can be read, by name; `corruptEnvironments` has the others. */
export async function listEnvironments(home: string): Promise<readonly Environment[]> {
  await sweepRemoved(home);
  const found = await Promise.all((await namesIn(home)).map((name) => loadEnvironment(home, name).catch(skipCorrupt)));
  return found.filter((environment) => environment !== undefined);
}

/** Names of environments whose file is missing, torn or of another place. */
export async function corruptEnvironments(home: string): Promise<readonly string[]> {
  const good = new Set((await listEnvironments(home)).map((environment) => environment.name));
  return (await namesIn(home)).filter((name) => !good.has(name));
}

/** Removes the folder of an environment with all of its data. Throws EnvironmentError `still-running`. */
export async function removeEnvironment(environment: Environment): Promise<void> {
  const { supervisorPid } = await import("../local/supervision/supervisor.ts");
  if (supervisorPid(environment.paths) !== undefined) {
    throw new EnvironmentError(
      "still-running",
      `environment ${environment.name} still runs; \`shopctl env destroy ${environment.name}\` stops and removes it`,
    );
  }
  const leaving = join(dirname(environment.paths.root), `${removedPrefix}${environment.name}`);
  await removeFolder(leaving);
  if (existsSync(environment.paths.root)) await rename(environment.paths.root, leaving);
  await removeFolder(leaving);
}

const fileName = "environment.json";
/** A removed environment gets such a name first: from then on it is none, whatever happens. */
const removedPrefix = ".gone-";

/** Goes on with removals that were killed: customers' data must not stay behind under a hidden name. */
async function sweepRemoved(home: string): Promise<void> {
  const folder = join(home, "environments");
  for (const name of await readdir(folder).catch(() => [])) {
    // An account that only looks may not be able to.
    if (name.startsWith(removedPrefix)) await removeFolder(join(folder, name)).catch(() => undefined);
  }
}

/** Two commands may remove the same one at a time. */
async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

async function namesIn(home: string): Promise<readonly string[]> {
  const entries = await readdir(join(home, "environments"), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .toSorted();
}

async function parseFile(file: string): Promise<Environment> {
  try {
    return environmentSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new EnvironmentError(
      "corrupt",
      `${file} cannot be read as an environment: it is missing, torn or changed by hand`,
      { cause },
    );
  }
}

function skipCorrupt(error: unknown): undefined {
  if (error instanceof EnvironmentError) return undefined;
  throw error;
}
