import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { osUser } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import { serverName } from "../replication/database-server.ts";
import { componentPlaces } from "../layout.ts";
import type { ServiceDefinition } from "../supervision/service-definition.ts";

export const exporterKinds = ["postgres", "pgbouncer", "redis"] as const;
type ExporterKind = (typeof exporterKinds)[number];

/** What an exporter reads. Only Redis takes a password; the others know the exporter by its OS account. */
export interface ExporterSource {
  readonly kind: ExporterKind;
  /** Number of the database server that is read; without it whichever is the primary. */
  readonly server?: number | undefined;
  /** Port of what is read. */
  readonly sourcePort: number;
  readonly password?: string | undefined;
  /** Where the exporter is that is a program of our own: PgBouncer's. */
  readonly releaseFolder?: string | undefined;
}

type Program = Pick<ServiceDefinition, "command" | "variables">;

/** The exporter as a supervised process that answers `GET /metrics` on 127.0.0.1. */
export function exporterProcess(paths: PathPlan, source: ExporterSource, port: number): ServiceDefinition {
  return {
    name: exporterName(source),
    component: "exporter",
    user: osUser("prometheus"),
    ...programs[source.kind](paths, source, port),
  };
}

export function exporterName({ kind, server }: Pick<ExporterSource, "kind" | "server">): string {
  return server === undefined ? `${kind}-exporter` : `${kind}-exporter-${server}`;
}

const programs: Record<ExporterKind, (paths: PathPlan, source: ExporterSource, port: number) => Program> = {
  postgres: (paths, { server, sourcePort }, port) => ({
    command: [program("prometheus-postgres-exporter"), `--web.listen-address=127.0.0.1:${port}`],
    variables: postgresSource(socketsOf(paths, server), sourcePort),
  }),
  // Debian's own exporter for PgBouncer asks for columns that Debian's PgBouncer no longer has.
  pgbouncer: (paths, { sourcePort, releaseFolder = "" }, port) => ({
    command: [join(releaseFolder, "node"), join(releaseFolder, "index.js")],
    variables: {
      EXPORTER_PORT: String(port),
      EXPORTER_SOCKETS: componentPlaces(paths).pgbouncer.sockets,
      EXPORTER_SOURCE_PORT: String(sourcePort),
    },
  }),
  redis: (_paths, { sourcePort, password = "" }, port) => ({
    command: [program("prometheus-redis-exporter"), "-web.listen-address", `127.0.0.1:${port}`],
    // In the address and not as REDIS_PASSWORD, which it says to every server that `GET /scrape?target=` names.
    variables: { REDIS_ADDR: `redis://:${encodeURIComponent(password)}@127.0.0.1:${sourcePort}` },
  }),
};

/** The exporter takes its source apart at blanks, whatever quotes they are in; a folder with one it has from libpq's variable. */
function postgresSource(sockets: string, port: number): Readonly<Record<string, string>> {
  const user = `user=${osUser("prometheus").name}`;
  const rest = `port=${port} dbname=shop sslmode=disable`;
  return sockets.includes(" ")
    ? { DATA_SOURCE_NAME: `${user} ${rest}`, PGHOST: sockets }
    : { DATA_SOURCE_NAME: `${user} host=${sockets} ${rest}` };
}

function socketsOf(paths: PathPlan, server: number | undefined): string {
  return server === undefined ? componentPlaces(paths).postgres.sockets : join(paths.run, serverName(server));
}
