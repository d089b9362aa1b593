import { createHash, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

/** What writers did and were told was done. */
export interface Written {
  readonly attempts: number;
  /** Hash of each session's newest refresh token, by the session's public id; sessions that were ended are not in it. */
  readonly sessions: ReadonlyMap<string, string>;
  readonly statements: number;
  readonly failures: readonly string[];
  readonly longestMs: number;
}

/** They end with the block that they are used in, also when its test fails before it stops them. */
export interface Writers extends AsyncDisposable {
  stop(): Promise<Written>;
}

/** So many failed statements say enough; connections that are gone would fail for ever. */
const mostFailures = 100;

const hash = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Connections that sign in, renew and end sessions as the shop does, one statement after the other, until stopped. Each has
 * accounts of its own, from `firstAccount` on; every acknowledged statement is counted, none is repeated.
 */
export function startWriters(url: string, writers: number, firstAccount: number): Writers {
  const load = { running: true };
  const sessions = new Map<string, string>();
  const failures: string[] = [];
  const sums = { attempts: 0, statements: 0, longestMs: 0 };
  const write = async (client: pg.Client, sql: string, values: unknown[]): Promise<Record<string, string>[]> => {
    const startedAt = performance.now();
    const rows = await client.query<Record<string, string>>(sql, values).then(
      (result) => result.rows,
      (error: Error) => {
        failures.push(error.message);
        load.running &&= failures.length < mostFailures;
        return [];
      },
    );
    sums.statements += 1;
    sums.longestMs = Math.max(sums.longestMs, performance.now() - startedAt);
    return rows;
  };
  const work = Array.from({ length: writers }, async (_, writer) => {
    const client = new pg.Client({ connectionString: url });
    client.on("error", (error: Error) => failures.push(error.message));
    await client.connect();
    const account = firstAccount + writer;
    for (let n = 0; load.running; n += 1) {
      const name = randomUUID();
      const [opened] = await write(
        client,
        `with attempt as (insert into login_attempt (account_id, succeeded) values ($1, true))
         insert into user_session (account_id, token_hash, family_hash, refresh_hash, expires_at)
         values ($1, $2, $3, $4, now() + interval '1 day') returning public_id`,
        [account, hash(`token ${name}`), hash(`family ${name}`), hash(`refresh ${name}`)],
      );
      if (opened === undefined) continue;
      sums.attempts += 1;
      const id = opened["public_id"] ?? "";
      sessions.set(id, hash(`refresh ${name}`).toString("hex"));
      // Every second one is renewed, which changes its token, and every fourth goes.
      if (n % 2 === 0) {
        const renewed = hash(`renewed ${name}`);
        await write(
          client,
          "update user_session set token_hash = $3, refresh_hash = $4 where account_id = $1 and token_hash = $2",
          [account, hash(`token ${name}`), hash(`new token ${name}`), renewed],
        );
        sessions.set(id, renewed.toString("hex"));
      }
      if (n % 4 === 0) {
        await write(client, "delete from user_session where account_id = $1 and public_id = $2", [account, id]);
        sessions.delete(id);
      }
      await delay(5);
    }
    await client.end();
  });
  const stop = async (): Promise<Written> => {
    load.running = false;
    await Promise.all(work);
    return { ...sums, sessions, failures };
  };
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

/** Reads both tables again and again in transactions of `heldMs`, as a report or a dump would, until stopped. */
export function startReader(url: string, heldMs: number): AsyncDisposable {
  const load = { running: true };
  const work = (async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    while (load.running) {
      await client.query("begin");
      await client.query("select from login_attempt limit 1");
      await client.query("select from user_session limit 1");
      await client.query("select pg_sleep($1)", [heldMs / 1_000]);
      await client.query("commit");
      await delay(250);
    }
    await client.end();
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      load.running = false;
      await work;
    },
  };
}
