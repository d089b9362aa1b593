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
const accessMs = 900_000;
const devices = ["Firefox on Linux", "Chrome on Windows", "Safari on iPhone", "Chrome on Android", "Edge on Windows"];

const columns =
  "token_hash, account_id, created_at, expires_at, public_id, access_expires_at, family_hash, refresh_hash, token_version, device_label, address, last_seen_at";

/** The users' sessions. Nobody has their tokens: what is stored are hashes of texts that are no tokens. */
export async function seedSessions(client: ClientBase, accounts: NewAccounts): Promise<void> {
  await loadTable(client, "user_session", () => copyLines(client, `user_session (${columns})`, sessionLines(accounts)));
}

function* sessionLines({ ids, firstNumber, seed, untilMs }: NewAccounts): Generator<string> {
  for (let round = sessionsPerUser; round >= 1; round -= 1) {
    for (const [index, id] of ids.entries()) {
      const number = firstNumber + index;
      const draw = mixed(seed, drawFor.session, number, round);
      const openedMs = untilMs - (round - draw / 2 ** 32) * daysApart * dayMs;
      const [opened, expires, accessEnds] = [openedMs, openedMs + sessionDays * dayMs, openedMs + accessMs].map(
        isoTime,
      );
      // One hash has bits enough for all that must be unlike in a session; the id has the marks of a UUID of version 4.
      const bits = hash("sha512", `seeded session ${seed} ${number} ${round}`);
      const [token, rest] = [bits.slice(0, 64), bits.slice(64)];
      const publicId = `${rest.slice(0, 12)}4${rest.slice(13, 16)}8${rest.slice(17, 32)}`;
      const device = devices[draw % devices.length];
      const address = `10.${draw & 255}.${(draw >>> 8) & 255}.${(draw >>> 16) & 255}`;
      yield `\\\\x${token}\t${id}\t${opened}\t${expires}\t${publicId}\t${accessEnds}\t\\\\x${rest}\t\\\\x${token.slice(32)}${rest.slice(0, 32)}\t0\t${device}\t${address}\t${opened}`;
    }
  }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
