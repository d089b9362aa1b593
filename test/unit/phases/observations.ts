import type { Observation, ProcessObservation } from "../../../infra/observation.ts";

/** A host at the baseline: one starter instance, free database, no pooler, no Redis, mail by SMTP, base limits. */
export const baselineHost: Observation = {
  at: "2026-01-01T00:00:00.000Z",
  processes: [up("postgres", "postgres"), up("router", "router"), up("mail-sink", "mail-sink"), web(0.5, 512)],
  router: { url: "http://127.0.0.1:21000", up: true, servers: [{ name: "web-1", state: "up", currentSessions: 0 }] },
  database: {
    maxConnections: 25,
    connections: 3,
    sizeBytes: 9_000_000,
    sharedBuffersMiB: 64,
    backupSchedule: false,
    indexes: [],
    attempts: { overdue: false, archiveBytes: 0 },
    partitions: { attempts: 0, sessions: 0, monthsAhead: 0, halfMade: [] },
    backups: [],
  },
  mail: { smtpAccepted: 2, apiAccepted: 0, refused: 0 },
  mailTransport: "smtp",
  mailDelivery: "inline",
  replicasInUse: { "web-1-4f2a": 0 },
  queryForms: { "web-1-4f2a": "plain" },
  limits: { login: 20, registration: 20, search: 100, api: 100 },
};

/** The same host after all of phase 1. */
export const phase1Host: Observation = {
  ...baselineHost,
  processes: [
    ...baselineHost.processes.filter(({ component }) => component !== "web"),
    up("pgbouncer", "pgbouncer"),
    up("redis", "redis"),
    up("backup-schedule", "backup-schedule"),
    web(1, 2_048),
  ],
  database: {
    maxConnections: 100,
    connections: 9,
    sizeBytes: 9_000_000,
    sharedBuffersMiB: 256,
    backupSchedule: true,
    indexes: [],
    attempts: { overdue: false, archiveBytes: 0 },
    partitions: { attempts: 0, sessions: 0, monthsAhead: 0, halfMade: [] },
    backups: [],
  },
  pooler: { clientConnections: 10, serverConnections: 4 },
  cache: { clients: 2, keys: 40, usedBytes: 1_000_000, maxBytes: 31_457_280 },
  mailTransport: "sendgrid",
  limits: { login: 50, registration: 50, search: 200, api: 200 },
};

export function up(name: string, component: ProcessObservation["component"]): ProcessObservation {
  return { name, component, state: "up", pid: 4_000 + name.length, upSeconds: 60 };
}

export function web(cpu: number, memoryMiB: number): ProcessObservation {
  return { ...up("web-1-4f2a", "web"), limits: { cpu, memoryMiB } };
}
