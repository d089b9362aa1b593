import type { ClientBase } from "pg";
import { figures } from "../contract/figures.ts";
import { copyLines } from "./copy-rows.ts";
import { loadTable } from "./load-table.ts";
import { dayMs, drawFor, type NewAccounts } from "./new-accounts.ts";
import { mixed } from "./random.ts";

const usersPerLock = figures.growth.targetUsers / figures.loadAt100k.rows.accountLock;
const historyDays = 120;
const lockMs = 900_000;

/** Locks that have ended, of every so many users one: none keeps a seeded user from signing in. */
export async function seedLocks(client: ClientBase, accounts: NewAccounts): Promise<void> {
  await loadTable(client, "account_lock", () =>
    copyLines(client, "account_lock (account_id, reason, created_at, locked_until)", lockLines(accounts)),
  );
}

function* lockLines({ ids, firstNumber, seed, untilMs }: NewAccounts): Generator<string> {
  for (const [index, id] of ids.entries()) {
    const number = firstNumber + index;
    if (number % usersPerLock !== 0) continue;
    const age = mixed(seed, drawFor.lock, number) / 2 ** 32;
    // A day ago at the latest.
    const lockedMs = untilMs - dayMs - age * historyDays * dayMs;
    yield `${id}\tfailed-logins\t${new Date(lockedMs).toISOString()}\t${new Date(lockedMs + lockMs).toISOString()}`;
  }
}
