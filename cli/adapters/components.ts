import { findProgram, type ProgramName } from "../../infra/local/host/programs.ts";
import { FailureError } from "../errors/failure.ts";

/** A program that environments start, and where it comes from. */
export interface Component {
  readonly program: ProgramName;
  readonly debian: string;
  readonly homebrew: string;
}

/** What an environment starts beside Node. */
export const components: readonly Component[] = [
  { program: "postgres", debian: "postgresql-15", homebrew: "postgresql@15" },
  { program: "initdb", debian: "postgresql-15", homebrew: "postgresql@15" },
  { program: "pg_dump", debian: "postgresql-15", homebrew: "postgresql@15" },
  { program: "pg_restore", debian: "postgresql-15", homebrew: "postgresql@15" },
  { program: "pg_basebackup", debian: "postgresql-15", homebrew: "postgresql@15" },
  { program: "pg_controldata", debian: "postgresql-15", homebrew: "postgresql@15" },
  { program: "pgbouncer", debian: "pgbouncer", homebrew: "pgbouncer" },
  { program: "redis-server", debian: "redis-server", homebrew: "redis" },
  { program: "haproxy", debian: "haproxy", homebrew: "haproxy" },
  { program: "nginx", debian: "nginx", homebrew: "nginx" },
  { program: "runsvdir", debian: "runit", homebrew: "runit" },
  { program: "runsv", debian: "runit", homebrew: "runit" },
  { program: "chpst", debian: "runit", homebrew: "runit" },
  { program: "svlogd", debian: "runit", homebrew: "runit" },
  { program: "snooze", debian: "snooze", homebrew: "snooze" },
  { program: "prometheus", debian: "prometheus", homebrew: "prometheus" },
  { program: "prometheus-alertmanager", debian: "prometheus-alertmanager", homebrew: "alertmanager" },
  { program: "prometheus-postgres-exporter", debian: "prometheus-postgres-exporter", homebrew: "postgres_exporter" },
  { program: "prometheus-redis-exporter", debian: "prometheus-redis-exporter", homebrew: "redis_exporter" },
];

/** Programs that are not on this machine. */
export function missingComponents(): readonly Component[] {
  return components.filter(({ program }) => findProgram(program) === undefined);
}

/** The commands that install components here. */
export function installCommands(missing: readonly Component[], platform = process.platform): readonly string[] {
  if (missing.length === 0) return [];
  const packages = (of: "debian" | "homebrew"): string => [...new Set(missing.map((one) => one[of]))].join(" ");
  return [
    platform === "darwin" ? `brew install ${packages("homebrew")}` : `sudo apt-get install ${packages("debian")}`,
  ];
}

/** Throws FailureError `component-missing` before anything is begun that could not be finished. */
export function requireComponents(): void {
  const missing = missingComponents();
  if (missing.length === 0) return;
  throw new FailureError({
    code: "component-missing",
    missing: missing.map(({ program }) => program),
    install: installCommands(missing),
  });
}
