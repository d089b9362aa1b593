import { figures } from "../../../service/contract/figures.ts";
import { quotedPath } from "../host/quoted-path.ts";

export interface PoolerConfig {
  readonly port: number;
  readonly sockets: string;
  readonly config: string;
  readonly databaseSockets: string;
  readonly databasePort: number;
  readonly poolSize: number;
  /** OS accounts that may use the admin console over the socket. */
  readonly administrators: readonly string[];
}

/** Clients that may wait here at once: far above eight instances' pools, for a waiting client is only a socket. */
const maxClients = 1_000;
/** Time that a query may wait for a server connection; longer than a restart of the database, which takes under 2 s. */
const queryWaitTimeoutSeconds = 10;

/** pgbouncer.ini. */
export function poolerConfig(config: PoolerConfig): string {
  const settings: Record<string, string | number> = {
    listen_addr: "127.0.0.1",
    listen_port: config.port,
    unix_socket_dir: config.sockets,
    auth_type: "hba",
    auth_hba_file: `${config.config}/hba.conf`,
    auth_file: `${config.config}/userlist.txt`,
    auth_user: "pooler",
    auth_query: "select name, verifier from pooler.lookup($1)",
    admin_users: config.administrators.join(", "),
    stats_users: statisticsUser,
    pool_mode: "transaction",
    default_pool_size: config.poolSize,
    max_client_conn: maxClients,
    server_lifetime: figures.database.connectionMaxAgeSeconds,
    server_idle_timeout: 60,
    server_connect_timeout: figures.database.connectTimeoutSeconds,
    // After a restart of the database the next attempt must not wait for the default of 15 s.
    server_login_retry: 1,
    query_wait_timeout: queryWaitTimeoutSeconds,
    ignore_startup_parameters: "extra_float_digits",
    log_connections: 0,
    log_disconnections: 0,
    log_stats: 0,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  return `[databases]\nshop = host=${quotedPath(config.databaseSockets)} port=${config.databasePort} dbname=shop\n\n[pgbouncer]\n${lines.join("")}`;
}

/** OS account that may read statistics, and nothing else, on the console: the exporter's. */
const statisticsUser = "prometheus";

/** Administrators and the reader of statistics by the identity of their socket peer, the shop by password. */
export function poolerAccessRules(administrators: readonly string[]): string {
  const console = [...administrators, statisticsUser].map((name) => `local pgbouncer ${name} peer\n`);
  return `${console.join("")}host shop shop 127.0.0.1/32 scram-sha-256\n`;
}

/** userlist.txt: the account for password lookups, and those of the console, who need no password. */
export function poolerUsers(poolerPassword: string, administrators: readonly string[]): string {
  return `"pooler" "${poolerPassword}"\n${[...administrators, statisticsUser].map((name) => `"${name}" ""\n`).join("")}`;
}
