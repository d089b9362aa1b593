import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { countArchived } from "../../../service/tasks/count-archived.ts";
import { startChild, type Child } from "../../support/child.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, seedShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

const users = 60;
let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, users, 20);
  await postgres.query("create table attempts_seeded as select * from login_attempt");
});
afterAll(() => postgres?.stop());
beforeEach(() =>
  postgres.query(
    "truncate login_attempt, login_attempt_archive; insert into login_attempt select * from attempts_seeded",
  ),
);

const program = join(import.meta.dirname, "..", "..", "..", "service", "task.ts");

function startTask(...args: string[]): Child {
  return startChild(process.execPath, [program, ...args], {
    env: { ...process.env, SHOP_TASK_URL: postgres.adminUrl() },
  });
}

async function task(...args: string[]): Promise<Record<string, unknown>> {
  const child = startTask(...args);
  expect([await child.exited, child.output()]).toEqual([0, expect.stringContaining("shop.task/1")]);
  return JSON.parse(child.output()) as Record<string, unknown>;
}

async function count(condition: string): Promise<number> {
  const rows = await postgres.query<{ n: number }>(`select count(*)::integer as n from ${condition}`);
  return rows[0]!.n;
}

/** Does `work` while another session has done `sql` and not ended its transaction. */
async function holding<T>(sql: string, work: () => Promise<T>): Promise<T> {
  const holder = new pg.Client({ connectionString: postgres.adminUrl() });
  await holder.connect();
  try {
    await holder.query(`begin; ${sql}`);
    return await work();
  } finally {
    await holder.end();
  }
}

const oldAttempts = "login_attempt where created_at < now() - interval '90 days'";

describe("a task", () => {
  it("takes exactly the login attempts that are older than 90 days, in batches", async () => {
    const old = await count(oldAttempts);
    expect(old).toBeGreaterThan(1_490);
    const sum = await task("login-attempts", "--batch-size", "400", "--pause-ms", "0");
    expect(sum).toMatchObject({ task: "login-attempts", taken: old, batches: 4, complete: true });
    expect([await count(oldAttempts), await count("login_attempt")]).toEqual([0, users * 100 - old]);
    expect(await task("login-attempts")).toMatchObject({ taken: 0, batches: 1, complete: true });
  });

  it("takes expired sessions and leaves the others", async () => {
    await postgres.query("update user_session set expires_at = now() - interval '2 days' where account_id <= 10");
    const before = await count("user_session where expires_at > now() - interval '1 day'");
    const expired = await count("user_session where expires_at <= now() - interval '1 day'");
    expect(await task("sessions", "--batch-size", "100")).toMatchObject({ taken: expired, complete: true });
    expect([await count("user_session"), await count("user_session where account_id <= 10")]).toEqual([before, 0]);
  });

  it("takes ended locks, used up codes, idempotency keys and entries of the mail log that nobody needs any more", async () => {
    const everyFiveDays = "now() - interval '5 days' * n from generate_series(1, 20) n";
    await postgres.query(
      `truncate account_lock;
       insert into account_lock (account_id, reason, created_at, locked_until)
         select 1, 'failed-logins', now() - interval '200 days', ${everyFiveDays};
       insert into mail_token (token_hash, account_id, purpose, expires_at)
         select sha256(n::text::bytea), 1, 'verify-email', ${everyFiveDays};
       insert into idempotency_key (account_id, key, request_hash, created_at)
         select 1, 'key ' || n, '\\x00', ${everyFiveDays};
       update mail_log set created_at = now() - interval '40 days' where id in (1, 2)`,
    );
    const mails = await count("mail_log");
    const taken: Record<string, unknown> = {};
    for (const name of ["account-locks", "mail-tokens", "idempotency-keys", "mail-log"]) {
      taken[name] = (await task(name))["taken"];
    }
    // Kept for 90, 7, 7 and 31 days; one at the very edge is older than that by the time that it is looked at.
    expect(taken).toEqual({ "account-locks": 3, "mail-tokens": 19, "idempotency-keys": 19, "mail-log": 2 });
    expect([await count("account_lock"), await count("idempotency_key"), await count("mail_log")]).toEqual([
      17,
      1,
      mails - 2,
    ]);
  });

  it("that was stopped says so, and the next run takes the rest", async () => {
    const old = await count(oldAttempts);
    const child = startTask("login-attempts", "--batch-size", "100", "--pause-ms", "60000");
    await waitUntil("the first batch", async () => (await count(oldAttempts)) === old - 100);
    expect(await child.stop("SIGTERM")).toBe(143);
    expect(JSON.parse(child.output())).toMatchObject({ taken: 100, batches: 1, complete: false });
    expect(await task("login-attempts")).toMatchObject({ taken: old - 100, complete: true });
  });

  it("that was killed within a batch has done that batch not at all, and the next run takes all", async () => {
    const old = await count(oldAttempts);
    // Every batch waits at its last row, so that the kill meets a statement that is under way.
    await postgres.query(
      `create function stall() returns trigger language plpgsql as
         $$ begin perform pg_sleep(60); return null; end $$;
       create trigger stall after delete on login_attempt for each statement execute function stall()`,
    );
    const child = startTask("login-attempts", "--batch-size", "100");
    const stalled = "pg_stat_activity where application_name = 'shop-task-login-attempts' and wait_event = 'PgSleep'";
    await waitUntil("a batch under way", async () => (await count(stalled)) === 1);
    expect(await child.stop("SIGKILL")).toBe("SIGKILL");
    await postgres.query(`select pg_terminate_backend(pid) from ${stalled}`);
    await waitUntil("its end", async () => (await count(stalled)) === 0);
    await postgres.query("drop trigger stall on login_attempt");
    expect(await count(oldAttempts)).toBe(old);
    expect(await task("login-attempts")).toMatchObject({ taken: old });
  });

  it("runs once at a time", async () => {
    const first = startTask("login-attempts", "--batch-size", "100", "--pause-ms", "60000");
    await waitUntil("the first batch", async () => (await count(oldAttempts)) < 1_450);
    const second = startTask("login-attempts");
    expect([await second.exited, second.output()]).toEqual([1, "the task login-attempts is running already\n"]);
    expect(await first.stop()).toBe(143);
  });

  it("neither waits for rows that the shop has locked nor takes them", async () => {
    const holder = new pg.Client({ connectionString: postgres.adminUrl() });
    await holder.connect();
    await holder.query("begin");
    await holder.query(`select from ${oldAttempts} order by created_at limit 10 for update`);
    const old = await count(oldAttempts);
    expect(await task("login-attempts")).toMatchObject({ taken: old - 10 });
    await holder.end();
    expect(await task("login-attempts")).toMatchObject({ taken: 10 });
  });

  it("ends well although somebody is at the table that it cleans at the end, and says that it did not clean it", async () => {
    await holding("lock table login_attempt in share update exclusive mode", async () => {
      const child = startTask("login-attempts", "--pause-ms", "0");
      expect([await child.exited, child.output()]).toEqual([
        0,
        expect.stringContaining("login_attempt was not cleaned"),
      ]);
    });
  });

  it("waits until autovacuum makes way for its cleaning", async () => {
    await postgres.query(
      "alter table login_attempt set (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)",
    );
    await postgres.query("alter system set autovacuum_naptime = '1s'");
    await postgres.query("alter system set autovacuum_vacuum_threshold = 1000");
    await postgres.query("select pg_reload_conf()");
    await postgres.query("delete from login_attempt where id % 2 = 0");
    const atWork = "pg_stat_progress_vacuum where relid = 'login_attempt'::regclass";
    await waitUntil("autovacuum at work", async () => (await count(atWork)) === 1, 30_000);
    const child = startTask("login-attempts", "--pause-ms", "0");
    expect([await child.exited, child.output()]).toEqual([0, expect.not.stringContaining("was not cleaned")]);
    await postgres.query("alter system reset all");
    await postgres.query("select pg_reload_conf()");
    await postgres.query(
      "alter table login_attempt reset (autovacuum_vacuum_cost_delay, autovacuum_vacuum_cost_limit)",
    );
  });

  it.each([
    ["a task that there is not", ["everything"]],
    ["a batch of nothing", ["sessions", "--batch-size", "0"]],
    ["nothing", []],
  ])("exits 2 for %s", async (_what, args) => {
    const child = startTask(...args);
    expect([await child.exited, child.output()]).toEqual([2, expect.stringMatching(/^usage: /)]);
  });
});

describe("the archive", () => {
  it("is counted however long that takes", async () => {
    const client = new pg.Client({ connectionString: postgres.adminUrl() });
    await client.connect();
    try {
      await client.query("set statement_timeout = 40");
      const slow = { archive: "(select from generate_series(1, 3), pg_sleep(0.05)) a", before: new Date() };
      const counted = await countArchived(client, { table: "login_attempt", due: "created_at < $1" }, slow);
      expect(counted).toEqual({ due: users * 100, archived: 3 });
      await expect(client.query("select pg_sleep(0.1)")).rejects.toThrow("statement timeout");
    } finally {
      await client.end();
    }
  });

  const both = "(select * from login_attempt union all select * from login_attempt_archive) b";
  const differing = `${both} full join attempts_seeded s using (id) where b is distinct from s`;

  it("gets old attempts whole, none lost and none twice; the way back brings every one of them", async () => {
    const old = await count(oldAttempts);
    await task("login-attempts", "--batch-size", "333", "--pause-ms", "0");
    expect([await count("login_attempt_archive"), await count(both), await count(differing)]).toEqual([
      old,
      users * 100,
      0,
    ]);
    expect(await task("bring-attempts-back")).toMatchObject({ moved: old, complete: true });
    expect([await count("login_attempt"), await count("login_attempt_archive"), await count(differing)]).toEqual([
      users * 100,
      0,
      0,
    ]);
    expect(await task("bring-attempts-back")).toMatchObject({ moved: 0, complete: true });
  });

  it("is checked: a batch of which a row does not arrive is undone, and the task fails", async () => {
    const old = await count(oldAttempts);
    await postgres.query(
      `create function lose() returns trigger language plpgsql as
         $$ begin return case when new.id % 100 = 0 then null else new end; end $$;
       create trigger lose before insert on login_attempt_archive for each row execute function lose()`,
    );
    const child = startTask("login-attempts", "--pause-ms", "0");
    expect(await child.exited).toBe(1);
    expect(child.output()).toMatch(/rows were taken out and \d+ arrived in login_attempt_archive/);
    expect([await count(oldAttempts), await count("login_attempt_archive")]).toEqual([old, 0]);
    await postgres.query("drop trigger lose on login_attempt_archive");
  });

  it("its way back waits for whoever reads the archive, as a dump does, and says for whom", async () => {
    await task("login-attempts", "--pause-ms", "0");
    const child = await holding("select from login_attempt_archive limit 1", async () => {
      const started = startTask("bring-attempts-back", "--pause-ms", "0");
      await waitUntil("who it waits for", () => /emptying login_attempt_archive waits/.test(started.output()));
      return started;
    });
    expect([await child.exited, child.output()]).toEqual([0, expect.stringContaining("shop.task/1")]);
    expect([await count("login_attempt"), await count("login_attempt_archive")]).toEqual([users * 100, 0]);
  });

  it("a way back that was killed is gone on with, and none is lost", async () => {
    await task("login-attempts", "--pause-ms", "0");
    await postgres.query(
      `create trigger stall after delete on login_attempt_archive for each statement execute function stall()`,
    );
    const child = startTask("bring-attempts-back");
    const stalled =
      "pg_stat_activity where application_name = 'shop-task-bring-attempts-back' and wait_event = 'PgSleep'";
    await waitUntil("a batch under way", async () => (await count(stalled)) === 1);
    expect(await child.stop("SIGKILL")).toBe("SIGKILL");
    // The server notices by itself that nobody waits for the answer.
    await waitUntil("its end", async () => (await count(stalled)) === 0);
    await postgres.query("drop trigger stall on login_attempt_archive");
    expect(await count("login_attempt_archive")).toBeGreaterThan(1_490);
    await task("bring-attempts-back");
    expect([await count("login_attempt"), await count(differing)]).toEqual([users * 100, 0]);
  });
});

it("several tasks run one after the other, and one that fails does not keep the others from their turn", async () => {
  await postgres.query("alter table login_attempt_archive rename to elsewhere");
  const child = startTask("login-attempts", "sessions", "--pause-ms", "0");
  expect([await child.exited, child.output()]).toEqual([
    1,
    expect.stringMatching(/login-attempts failed.*"task":"sessions"/s),
  ]);
  await postgres.query("alter table elsewhere rename to login_attempt_archive");
});

it("a transaction that somebody left open holds the partitioning up, is named, and not waited for without an end", async () => {
  const holder = new pg.Client({ connectionString: postgres.adminUrl() });
  await holder.connect();
  await holder.query("begin isolation level repeatable read; select from product limit 1");
  const child = startTask("partition-attempts");
  await waitUntil("who it waits for", () => /building login_attempt_by_month waits: process \d+/.test(child.output()));
  expect(await child.stop("SIGTERM")).not.toBe(0);
  await holder.end();
  expect(await task("unpartition-attempts")).toMatchObject({ complete: true });
  expect(await count("pg_class where relname = 'login_attempt_by_month'")).toBe(0);
});
