import { superuserReservedConnections } from "../../topology/connection-budget.ts";

/** What the server's configuration depends on. */
export interface DatabaseConfig {
  readonly port: number;
  readonly sockets: string;
  readonly config: string;
  readonly maxConnections: number;
  readonly memoryMiB: number;
  readonly sharedBuffersMiB: number;
  readonly statementStatistics: boolean;
  /** Whether other servers may follow this one. */
  readonly replicated: boolean;
  /** OS accounts that may administer over the socket without a password. */
  readonly administrators: readonly string[];
}

/** postgresql.conf of the server; the log goes to stderr, which the supervisor keeps. */
export function serverConfig(config: DatabaseConfig): string {
  const settings: Record<string, string | number> = {
    listen_addresses: "'127.0.0.1'",
    port: config.port,
    unix_socket_directories: `'${config.sockets}'`,
    hba_file: `'${config.config}/pg_hba.conf'`,
    ident_file: `'${config.config}/pg_ident.conf'`,
    max_connections: config.maxConnections,
    superuser_reserved_connections: superuserReservedConnections,
    password_encryption: "scram-sha-256",
    shared_buffers: `'${config.sharedBuffersMiB}MB'`,
    effective_cache_size: `'${Math.floor(config.memoryMiB * 0.75)}MB'`,
    maintenance_work_mem: `'${Math.max(16, Math.floor(config.memoryMiB / 16))}MB'`,
    work_mem: "'4MB'",
    wal_level: "replica",
    max_wal_size: "'512MB'",
    checkpoint_completion_target: 0.9,
    random_page_cost: 1.1,
    jit: "off",
    track_io_timing: "on",
    log_destination: "'stderr'",
    log_line_prefix: "'%p %u@%d '",
    log_min_duration_statement: "'500ms'",
    log_lock_waits: "on",
    // Passwords come as verifiers, but a failed statement need not be kept either.
    log_min_error_statement: "panic",
    timezone: "'UTC'",
    ...(config.statementStatistics ? { shared_preload_libraries: "'pg_stat_statements'" } : {}),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join("");
}

/** pg_hba.conf: administrators and followers by the identity of their socket peer, the exporter of statistics by its own, everybody else by password. */
export function accessRules(replicated: boolean): string {
  return `local all postgres peer map=administrators
${replicated ? "local replication postgres peer map=administrators\n" : ""}local shop shop scram-sha-256
local shop pooler scram-sha-256
local shop prometheus peer
host shop shop 127.0.0.1/32 scram-sha-256
host shop pooler 127.0.0.1/32 scram-sha-256
`;
}

/** pg_ident.conf: which OS accounts may be `postgres`. */
export function identityMap(config: DatabaseConfig): string {
  return [...new Set(config.administrators)].map((name) => `administrators "${name}" postgres\n`).join("");
}
