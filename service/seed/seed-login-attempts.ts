import type { ClientBase } from "pg";
import { figures } from "../contract/figures.ts";
import { copyLines } from "./copy-rows.ts";
import { loadTable } from "./load-table.ts";
import { dayMs, drawFor, type NewAccounts } from "./new-accounts.ts";
import { mixed } from "./random.ts";

/** Older than what is kept by a third, so that there is something to clear away. */
const historyDays = (figures.retention.loginAttemptDays * 4) / 3;
/** One attempt of so many fails. */
const failureEvery = 20;
/** A user comes from so many addresses. */
const addressesPerUser = 3;

export const attemptsPerUser = figures.loadAt100k.rows.loginAttempt / figures.growth.targetUsers;

/** The users' attempts to sign in, oldest first as they would have been written. */
export async function seedLoginAttempts(client: ClientBase, accounts: NewAccounts): Promise<void> {
  await loadTable(client, "login_attempt", () =>
    copyLines(client, "login_attempt (account_id, address, succeeded, created_at)", attemptLines(accounts)),
  );
}

function* attemptLines({ ids, firstNumber, seed, untilMs }: NewAccounts): Generator<string> {
  const stepMs = (historyDays * dayMs) / (ids.length * attemptsPerUser);
  let atMs = untilMs - historyDays * dayMs;
  for (let round = 0; round < attemptsPerUser; round += 1) {
    for (const [index, id] of ids.entries()) {
      const number = firstNumber + index;
      const draw = mixed(seed, drawFor.attempt, number, round);
      const address = mixed(seed, drawFor.address, number, draw % addressesPerUser);
      const succeeded = (draw >>> 8) % failureEvery === 0 ? "f" : "t";
      yield `${id}\t10.${address & 255}.${(address >>> 8) & 255}.${(address >>> 16) & 255}\t${succeeded}\t${new Date(atMs).toISOString()}`;
      atMs += stepMs;
    }
  }
}
