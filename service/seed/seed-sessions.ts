import { hash } from "node:crypto";
import type { ClientBase } from "pg";
import { figures } from "../contract/figures.ts";
import { copyLines } from "./copy-rows.ts";
import { loadTable } from "./load-table.ts";
import { dayMs, drawFor, type NewAccounts } from "./new-accounts.ts";
import { mixed } from "./random.ts";

const sessionsPerUser = figures.loadAt100k.rows.userSession / figures.growth.targetUsers;
/** A session was opened every so many days, so that one in five has expired. */
const daysApart = 3.5;
const sessionDays = 14;

/** The users' sessions. Nobody has their tokens: what is stored is the hash of a text, not of a token. */
export async function seedSessions(client: ClientBase, accounts: NewAccounts): Promise<void> {
  await loadTable(client, "user_session", () =>
    copyLines(client, "user_session (token_hash, account_id, created_at, expires_at)", sessionLines(accounts)),
  );
}

function* sessionLines({ ids, firstNumber, seed, untilMs }: NewAccounts): Generator<string> {
  for (let round = sessionsPerUser; round >= 1; round -= 1) {
    for (const [index, id] of ids.entries()) {
      const number = firstNumber + index;
      const jitter = mixed(seed, drawFor.session, number, round) / 2 ** 32;
      const openedMs = untilMs - (round - jitter) * daysApart * dayMs;
      const tokenHash = hash("sha256", `seeded session ${seed} ${number} ${round}`);
      yield `\\\\x${tokenHash}\t${id}\t${isoTime(openedMs)}\t${isoTime(openedMs + sessionDays * dayMs)}`;
    }
  }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
