import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { freeDiskGiB, neededDiskGiB } from "../../environment/check-home.ts";
import { stateHome } from "../../environment/store.ts";
import { cgroupLayout } from "./cgroup-layout.ts";
import { findUser, isRoot } from "./os-users.ts";
import { findProgram } from "./programs.ts";
import type { ProgramName } from "./programs.ts";

/** One thing that the local target needs of this machine. */
export interface HostCheck {
  readonly name: string;
  readonly ok: boolean;
  /** False for what shopctl can do without; then `needed` says what is lost. */
  readonly required: boolean;
  readonly found: string;
  readonly needed: string;
  /** Commands that bring it; empty where there is none. */
  readonly fix: { readonly debian: string; readonly homebrew: string };
}

interface Component {
  readonly program: ProgramName;
  readonly versionArguments: readonly string[];
  /** Oldest major.minor that the product is tested with; 0 where the version does not matter. */
  readonly minimum: number;
  readonly debian: string;
  readonly homebrew: string;
}

const components: readonly Component[] = [
  {
    program: "postgres",
    versionArguments: ["--version"],
    minimum: 14,
    debian: "postgresql",
    homebrew: "postgresql@16",
  },
  {
    program: "psql",
    versionArguments: ["--version"],
    minimum: 14,
    debian: "postgresql-client",
    homebrew: "postgresql@16",
  },
  { program: "pgbouncer", versionArguments: ["--version"], minimum: 1.18, debian: "pgbouncer", homebrew: "pgbouncer" },
  { program: "redis-server", versionArguments: ["--version"], minimum: 6.2, debian: "redis-server", homebrew: "redis" },
  { program: "haproxy", versionArguments: ["-v"], minimum: 2.6, debian: "haproxy", homebrew: "haproxy" },
  { program: "runsvdir", versionArguments: [], minimum: 0, debian: "runit", homebrew: "runit" },
  { program: "chpst", versionArguments: [], minimum: 0, debian: "runit", homebrew: "runit" },
  { program: "svlogd", versionArguments: [], minimum: 0, debian: "runit", homebrew: "runit" },
  { program: "snooze", versionArguments: [], minimum: 0, debian: "snooze", homebrew: "snooze" },
];

const oldestNode = 24;

/** Whether this machine can run an environment, and what brings each thing that is missing. */
export async function checkHost(env: NodeJS.ProcessEnv = process.env): Promise<HostCheck[]> {
  const programs = await Promise.all(components.map(checkComponent));
  return [checkNode(), checkSystem(), ...programs, ...checkUsers(), checkCgroups(), await checkDisk(stateHome(env))];
}

async function checkComponent(component: Component): Promise<HostCheck> {
  const path = findProgram(component.program);
  const version = path === undefined ? undefined : await versionOf(path, component.versionArguments);
  const newEnough = component.minimum === 0 || (version !== undefined && isAtLeast(version, component.minimum));
  return {
    name: component.program,
    ok: path !== undefined && newEnough,
    required: true,
    found: path === undefined ? "not installed" : `${version === undefined ? "" : `${version}, `}${path}`,
    needed: component.minimum === 0 ? "any version" : `${component.minimum} or later`,
    fix: { debian: `apt-get install -y ${component.debian}`, homebrew: `brew install ${component.homebrew}` },
  };
}

async function versionOf(path: string, args: readonly string[]): Promise<string | undefined> {
  if (args.length === 0) return undefined;
  const { stdout } = await promisify(execFile)(path, [...args], { timeout: 5_000 }).catch(() => ({ stdout: "" }));
  return /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0];
}

/** Compares major and minor as numbers: 1.9 is before 1.18. */
function isAtLeast(version: string, minimum: number): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = String(minimum).split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function checkNode(): HostCheck {
  return {
    name: "node",
    ok: Number(process.versions.node.split(".")[0]) >= oldestNode,
    required: true,
    found: `${process.versions.node}, ${process.execPath}`,
    needed: `${oldestNode} or later`,
    fix: { debian: "npm install (brings it from the npm registry)", homebrew: "brew install node@24" },
  };
}

function checkSystem(): HostCheck {
  return {
    name: "system",
    ok: existsSync("/proc/self/stat"),
    required: true,
    found: process.platform,
    needed: "Linux (/proc): processes are told apart by it",
    fix: { debian: "", homebrew: "run shopctl in a Linux virtual machine, e.g. `brew install lima`" },
  };
}

/** Accounts that components run as; only root can use them, anybody else runs everything as himself. */
function checkUsers(): HostCheck[] {
  if (!isRoot()) return [];
  const fixes = {
    postgres: "apt-get install -y postgresql",
    redis: "apt-get install -y redis-server",
    haproxy: "apt-get install -y haproxy",
    shopctl: "useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin shopctl",
  };
  return Object.entries(fixes).map(([name, debian]) => {
    const ok = findUser(name) !== undefined;
    return {
      name: `OS user ${name}`,
      ok,
      required: true,
      found: ok ? "there" : "missing",
      needed: "an account of its own",
      fix: { debian, homebrew: "" },
    };
  });
}

function checkCgroups(): HostCheck {
  const layout = cgroupLayout();
  return {
    name: "cgroups",
    ok: layout !== undefined,
    required: false,
    found: layout === undefined ? "no writable CPU and memory controllers" : `version ${layout.version}`,
    needed: "writable controllers; without them the limits of tiers and plans are not enforced on this host",
    fix: { debian: isRoot() ? "" : "run shopctl as root", homebrew: "" },
  };
}

async function checkDisk(home: string): Promise<HostCheck> {
  let folder = home;
  while (!existsSync(folder)) folder = dirname(folder);
  const freeGiB = await freeDiskGiB(folder);
  return {
    name: "disk",
    ok: freeGiB >= neededDiskGiB,
    required: true,
    found: `${freeGiB.toFixed(1)} GiB free for ${home}`,
    needed: `${neededDiskGiB} GiB`,
    fix: {
      debian: "set SHOPCTL_HOME to a folder on another disk",
      homebrew: "set SHOPCTL_HOME to a folder on another disk",
    },
  };
}
