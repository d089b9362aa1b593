import { accessSync, constants, readdirSync } from "node:fs";
import { join } from "node:path";
import { HostError } from "./host-error.ts";

/** Folders beside PATH where Debian and Homebrew put servers. */
const serverFolders = [
  "/usr/local/sbin",
  "/usr/sbin",
  "/sbin",
  "/opt/homebrew/bin",
  "/opt/homebrew/sbin",
  "/usr/local/bin",
  "/usr/bin",
  "/bin",
];

/** Postgres majors that the product is tested with, best first. */
const postgresMajors = [15, 16, 17, 14];

const postgresPrograms = [
  "postgres",
  "initdb",
  "pg_dump",
  "pg_restore",
  "pg_basebackup",
  "pg_controldata",
  "psql",
] as const;
export type PostgresProgram = (typeof postgresPrograms)[number];
export type ProgramName =
  | PostgresProgram
  | "pgbouncer"
  | "redis-server"
  | "haproxy"
  | "nginx"
  | "runsvdir"
  | "runsv"
  | "chpst"
  | "svlogd"
  | "snooze"
  | "prometheus"
  | "promtool"
  | "prometheus-alertmanager"
  | "prometheus-postgres-exporter"
  | "prometheus-redis-exporter";

/** What programs are called elsewhere than on Debian. */
const otherNames: Partial<Record<ProgramName, string>> = {
  "prometheus-alertmanager": "alertmanager",
  "prometheus-postgres-exporter": "postgres_exporter",
  "prometheus-redis-exporter": "redis_exporter",
};

/** Absolute path of a program. Throws HostError `missing-component`. */
export function program(name: ProgramName): string {
  const found = findProgram(name);
  if (found === undefined) {
    throw new HostError("missing-component", `${name} is not installed here; \`shopctl doctor\` says how to get it`);
  }
  return found;
}

/** Absolute path of a program, or undefined. */
export function findProgram(name: ProgramName): string | undefined {
  const folders = postgresPrograms.some((known) => known === name) ? postgresFolders() : searchFolders();
  return [name, otherNames[name]]
    .flatMap((known) => (known === undefined ? [] : folders.map((folder) => join(folder, known))))
    .find(isExecutable);
}

/** Search path of supervised processes: fixed, so that what runs does not depend on who started it. */
export function searchPath(): string {
  return searchFolders().join(":");
}

function searchFolders(): string[] {
  return [
    ...new Set([
      ...(process.env["PATH"] ?? "")
        .split(":")
        .filter((folder) => folder.startsWith("/usr") || folder.startsWith("/opt")),
      ...serverFolders,
    ]),
  ];
}

function postgresFolders(): string[] {
  const debian = listFolder("/usr/lib/postgresql")
    .map(Number)
    .filter((major) => postgresMajors.includes(major));
  const ordered = postgresMajors
    .filter((major) => debian.includes(major))
    .map((major) => `/usr/lib/postgresql/${major}/bin`);
  const homebrew = postgresMajors.map((major) => `/opt/homebrew/opt/postgresql@${major}/bin`);
  return [...ordered, ...homebrew, ...searchFolders()];
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
