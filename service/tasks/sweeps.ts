import { figures } from "../contract/figures.ts";
import { idempotencyKeyDays } from "../contract/orders.ts";
import type { Destination, Sweep } from "./sweep.ts";

const dayMs = 86_400_000;
const nowhere: Destination = { kind: "nowhere" };

/** Where login attempts go; `bringBack` is the way back. */
export const attemptArchive = "login_attempt_archive";

/** Every task that clears old rows away, by the name it is started with. */
export const sweeps = {
  /** Archived once they are as old as the requirements say; the index on `created_at` leads to those that are older. */
  "login-attempts": {
    table: "login_attempt",
    key: [
      { name: "created_at", type: "timestamptz" },
      { name: "id", type: "bigint" },
    ],
    due: "t.created_at < $1",
    reads: "due",
    keepMs: figures.retention.loginAttemptDays * dayMs,
    destination: { kind: "table", table: attemptArchive },
  },
  /**
   * An index on `expires_at` would cost every login and every renewal more than this walk costs once a day. A day's
   * grace lets whoever looks into yesterday's trouble still see the session.
   */
  sessions: {
    table: "user_session",
    // The primary key of the day when the table is partitioned; until then the index on account_id leads the way.
    key: [
      { name: "account_id", type: "bigint" },
      { name: "token_hash", type: "bytea" },
    ],
    due: "t.expires_at < $1",
    reads: "all",
    keepMs: dayMs,
    destination: nowhere,
  },
  /** Locks that ended count towards nothing after as long as the attempts that led to them are kept. */
  "account-locks": {
    table: "account_lock",
    key: [{ name: "id", type: "bigint" }],
    due: "t.locked_until < $1",
    reads: "all",
    keepMs: figures.retention.loginAttemptDays * dayMs,
    destination: nowhere,
  },
  /** Codes that went out by mail; they are good for hours. */
  "mail-tokens": {
    table: "mail_token",
    key: [{ name: "token_hash", type: "bytea" }],
    due: "t.expires_at < $1",
    reads: "all",
    keepMs: 7 * dayMs,
    destination: nowhere,
  },
  /** Long after any client has given up repeating its request. */
  "idempotency-keys": {
    table: "idempotency_key",
    key: [
      { name: "created_at", type: "timestamptz" },
      { name: "account_id", type: "bigint" },
      { name: "key", type: "text" },
    ],
    due: "t.created_at < $1",
    reads: "due",
    keepMs: idempotencyKeyDays * dayMs,
    destination: nowhere,
  },
  /** The quota looks back one day; a month shows what a provider billed. */
  "mail-log": {
    table: "mail_log",
    key: [
      { name: "created_at", type: "timestamptz" },
      { name: "id", type: "bigint" },
    ],
    due: "t.created_at < $1",
    reads: "due",
    keepMs: 31 * dayMs,
    destination: nowhere,
  },
} as const satisfies Record<string, Sweep>;

export type SweepName = keyof typeof sweeps;

export function isSweepName(name: string): name is SweepName {
  return Object.hasOwn(sweeps, name);
}
