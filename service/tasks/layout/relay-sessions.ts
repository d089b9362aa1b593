import type { ClientBase } from "pg";
import { estimateRows } from "../../store/estimate-rows.ts";
import { copySessions } from "./copy-sessions.ts";
import { politely, type Patience } from "../../store/politely.ts";
import { follow, former, next, sessionLayouts } from "./session-layouts.ts";
import { renames, tableKind } from "./table-kind.ts";

/**
 * Brings `user_session` into a layout beside its traffic: a table of the new layout follows every change by a trigger, gets
 * the other rows in small batches, is compared row by row, and takes the other's place. Both ways are the same. What an
 * earlier run began is gone on with, or taken away when it was the other way.
 */
export async function relaySessions(
  client: ClientBase,
  layout: "plain" | "partitioned",
  patience: Patience,
): Promise<void> {
  if ((await tableKind(client, "user_session")) === layout) {
    await dropNext(client, patience);
  } else {
    await prepare(client, layout, patience);
    const ask = async (sql: string): Promise<object[]> => (await client.query<object>(sql)).rows;
    await copySessions(client, await estimateRows(ask, "select from user_session"), patience);
    await compare(client, patience);
    await politely(client, "the exchange of user_session", patience, await exchange(client));
  }
  await politely(client, "dropping the former user_session", patience, [`drop table if exists ${former}`]);
  await client.query("drop function if exists user_session_follow()");
  await politely(client, "counting user_session", patience, ["analyze user_session"]);
  patience.say(`user_session: 100%, ${layout}`);
}

/** The new table with the trigger, both or neither; an earlier run's of the same layout stays, with what it has. */
async function prepare(client: ClientBase, layout: "plain" | "partitioned", patience: Patience): Promise<void> {
  if ((await tableKind(client, next)) === layout) return;
  await dropNext(client, patience);
  await politely(client, "preparing user_session", patience, [...sessionLayouts[layout], ...follow]);
}

async function dropNext(client: ClientBase, patience: Patience): Promise<void> {
  if ((await tableKind(client, next)) === "absent") return;
  await politely(client, "taking away what an earlier run began", patience, [
    "drop trigger if exists user_session_follow on user_session",
    `drop table ${next}`,
  ]);
}

/**
 * Throws unless both tables have the same rows at one moment; the trigger keeps it so from then on. A copy that differs is
 * taken away, for the next run would go on with it and find the same.
 */
async function compare(client: ClientBase, patience: Patience): Promise<void> {
  patience.say("user_session: 96%, comparing every row");
  const { missing, unknown } = await difference(client);
  if (missing === 0 && unknown === 0) return;
  await dropNext(client, patience);
  throw new Error(`the copy of user_session differs: ${missing} rows are missing or other, ${unknown} too many`);
}

async function difference(client: ClientBase): Promise<{ readonly missing: number; readonly unknown: number }> {
  await client.query("begin transaction isolation level repeatable read read only");
  try {
    await client.query("set local enable_hashjoin = on; set local enable_seqscan = on; set local work_mem = '64MB'");
    const { rows } = await client.query<{ missing: number; unknown: number }>(
      `select (select count(*) from (table user_session except table ${next}) m)::float8 as missing,
              (select count(*) from (table ${next} except table user_session) u)::float8 as unknown`,
    );
    return rows[0] ?? { missing: NaN, unknown: NaN };
  } finally {
    await client.query("rollback");
  }
}

async function exchange(client: ClientBase): Promise<readonly string[]> {
  return [
    `lock table user_session, ${next} in access exclusive mode`,
    "drop trigger user_session_follow on user_session",
    `alter table user_session rename to ${former}`,
    ...(await renames(client, "user_session", { to: former })),
    `alter table ${next} rename to user_session`,
    ...(await renames(client, next, { to: "user_session" })),
    "comment on table user_session is null",
  ];
}
