import { readFileSync } from "node:fs";
import { constants } from "node:os";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installation } from "../../../infra/installation.ts";
import { commandOf } from "../../../infra/local/host/process-identity.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { findUnsettledData } from "../../../infra/local/operations/unsettled-data.ts";
import { asAdmin, type AdminTarget } from "../../../infra/local/postgres/admin-connection.ts";
import { localProvider } from "../../../infra/local/provider/provider.ts";
import { contentHash } from "../../../infra/local/release/content-hash.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { dailyTasks } from "../../../service/contract/daily-tasks.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { postgresInputs, TestEnvironment, urnOf, type Held } from "./support/test-environment.ts";

const [oldRows, newRows] = [20_000, 10_000];
let it: TestEnvironment;
let releaseFolder: unknown;
let archive: Held;

beforeAll(async () => {
  it = await TestEnvironment.create();
  const { paths, ports } = it.environment;
  await it.make("PostgresServer", postgresInputs(it.environment));
  const source = installation.serviceRelease;
  const release = await it.make("Release", {
    releases: paths.releases,
    source,
    hash: contentHash(source),
    node: process.execPath,
  });
  releaseFolder = release.state["folder"];
  const { sockets } = componentPlaces(paths).postgres;
  await it.make("Schema", { sockets, port: ports.postgres, releaseFolder, migrationsHash: "any" });
  await database((client) =>
    client.query(
      `insert into login_attempt (succeeded, created_at)
         select n % 20 > 0, now() - interval '100 days' - n * interval '1 second' from generate_series(1, ${oldRows}) n;
       insert into login_attempt (succeeded, created_at)
         select true, now() - n * interval '1 minute' from generate_series(1, ${newRows}) n`,
    ),
  );
  archive = await it.make("Archive", inputs("none"));
});
afterAll(() => it.destroy());

const database = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const target: AdminTarget = {
    sockets: componentPlaces(it.environment.paths).postgres.sockets,
    port: it.environment.ports.postgres,
  };
  return asAdmin(target, "shop", work);
};

async function rows(): Promise<readonly [table: number, archived: number]> {
  const found = await database((client) =>
    client.query<{ kept: number; archived: number }>(
      `select (select count(*) from login_attempt)::integer as kept,
              (select count(*) from login_attempt_archive)::integer as archived`,
    ),
  );
  return [found.rows[0]?.kept ?? -1, found.rows[0]?.archived ?? -1];
}

function inputs(archiving: "none" | "daily"): Record<string, unknown> {
  const { paths, ports } = it.environment;
  return { paths, port: ports.postgres, releaseFolder, archiving, tasks: [...dailyTasks] };
}

async function differences(state: Record<string, unknown>): Promise<unknown> {
  return (await localProvider.read(archive.id, urnOf("Archive"), state)).props["differences"] ?? [];
}

test("archiving that was killed on its way is finished by the next run, and every row is in one place", async () => {
  expect(await rows()).toEqual([oldRows + newRows, 0]);
  await it.changeUntil("Archive", archive, inputs("daily"), async () => (await rows())[1] > 0);
  expect((await rows())[1]).toBeLessThan(oldRows);
  expect(await it.upTo("Archive", archive, inputs("daily"))).toBe("updated");
  expect(await rows()).toEqual([newRows, oldRows]);
  expect(await differences({ ...archive.state, archiving: "daily" })).toEqual([]);
});

test("attempts that should have been archived days ago are a difference to the stack", async () => {
  await database((client) =>
    client.query("insert into login_attempt (succeeded, created_at) values (true, now() - interval '93 days')"),
  );
  expect(await differences({ ...archive.state, archiving: "daily" })).toEqual([
    { what: "old login attempts", expected: "in the archive", found: "in their table", harm: "serious" },
  ]);
});

test("the schedule waits under supervision for the night, runs the tasks then, and waits again", async () => {
  const { paths, ports } = it.environment;
  const schedule = await it.make("TaskSchedule", {
    paths,
    databasePort: ports.postgres,
    releaseFolder,
    name: "archiving-schedule",
    hour: 4,
    minute: 0,
    tasks: [...dailyTasks],
  });
  const { pid = 0 } = serviceState(it.service("archiving-schedule"));
  expect(commandOf(pid).join(" ")).toMatch(/snooze -H 4 -M 0 .*task\.js login-attempts sessions account-locks/);
  // snooze takes this signal for the time, once it catches it: before, it would be the end of it.
  await waitUntil("snooze to catch the signal", () => {
    const caught = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    return (BigInt(`0x${caught}`) & (1n << BigInt(constants.signals.SIGALRM - 1))) !== 0n;
  });
  process.kill(pid, "SIGALRM");
  await waitUntil("the overdue attempt in the archive", async () => (await rows())[1] === oldRows + 1);
  await waitUntil("snooze again", () => {
    const now = serviceState(it.service("archiving-schedule")).pid;
    return now !== undefined && now !== pid && commandOf(now)[0]?.endsWith("/snooze") === true;
  });
  await it.remove("TaskSchedule", schedule);
  expect(serviceState(it.service("archiving-schedule")).pid).toBeUndefined();
});

test("the way back brings every attempt into its table again", async () => {
  const daily: Held = { ...archive, state: { ...archive.state, archiving: "daily" } };
  expect(await it.upTo("Archive", daily, inputs("none"))).toBe("updated");
  expect(await rows()).toEqual([oldRows + newRows + 1, 0]);
  expect(await differences(archive.state)).toEqual([]);
  await it.remove("Archive", archive);
  expect(await rows()).toEqual([oldRows + newRows + 1, 0]);
});

const layout = (partitioning: string): Record<string, unknown> => {
  const { paths, ports } = it.environment;
  return { paths, port: ports.postgres, releaseFolder, partitioning };
};

test("partitioning that was killed before its exchange is a difference, and taken back it refuses no sign-in next month", async () => {
  const held = await it.make("Partitions", layout("none"));
  const differencesOf = async (): Promise<readonly { what: string; found: string }[]> =>
    (await localProvider.read(held.id, urnOf("Partitions"), held.state)).props["differences"] ?? [];
  await database(async (reader) => {
    // The index by month waits for whoever has a transaction open.
    await reader.query("begin isolation level repeatable read; select from product limit 1");
    await it.changeUntil("Partitions", held, layout("partitioned"), async () => {
      const building = await database((client) => client.query("select from pg_index where not indisvalid"));
      return building.rowCount === 1;
    });
    const tasks = "select from pg_stat_activity where application_name like 'shop-task%'";
    await waitUntil("its end", async () => (await database((client) => client.query(tasks))).rowCount === 0);
    await reader.query("rollback");
  });
  const left = expect.stringMatching(/^login_attempt_before_\d{4}_\d{2}, login_attempt_by_month$/);
  expect(await differencesOf()).toMatchObject([{ what: "half-moved tables", found: left }]);
  expect(await findUnsettledData(it.environment, baseline)).toMatchObject([
    { tasks: ["unpartition-sessions", "unpartition-attempts"] },
  ]);
  // Whoever takes a step back finds the layout of before, and settles it nevertheless.
  expect(await it.upTo("Partitions", held, layout("none"))).toBe("updated");
  expect([await differencesOf(), await findUnsettledData(it.environment, baseline)]).toEqual([[], []]);
  await database((client) =>
    client.query(
      `begin; insert into login_attempt (succeeded, created_at) values (true, now() + interval '3 months'); rollback`,
    ),
  );
});

test("partitioning that was killed on its way is a difference, is finished by the next run, and so is its way back", async () => {
  await database(async (client) => {
    await client.query("insert into account (email, password_hash) values ('one@example.test', '-')");
    await client.query(
      `insert into user_session (token_hash, account_id, expires_at)
         select sha256(n::text::bytea), 1, now() + interval '1 day' from generate_series(1, 20000) n`,
    );
  });
  const held = await it.make("Partitions", layout("none"));
  const differencesOf = async (state: Record<string, unknown>): Promise<unknown> =>
    (await localProvider.read(held.id, urnOf("Partitions"), state)).props["differences"] ?? [];
  const halfMade = async (): Promise<boolean> => {
    const found = await database((client) => client.query("select from pg_class where relname = 'user_session_next'"));
    return found.rowCount === 1;
  };
  expect(await differencesOf(held.state)).toEqual([]);
  await it.changeUntil("Partitions", held, layout("partitioned"), halfMade);
  expect(await differencesOf(held.state)).toEqual([
    { what: "layout of login attempts", expected: "one table", found: "partitioned", harm: "serious" },
    { what: "half-moved tables", expected: "none", found: "user_session_next", harm: "serious" },
  ]);
  expect(await it.upTo("Partitions", held, layout("partitioned"))).toBe("updated");
  const after: Held = { ...held, state: { ...held.state, ...layout("partitioned") } };
  expect(await differencesOf(after.state)).toEqual([]);
  await it.changeUntil("Partitions", after, layout("none"), halfMade);
  expect(await it.upTo("Partitions", after, layout("none"))).toBe("updated");
  expect(await differencesOf(held.state)).toEqual([]);
  expect(await rows()).toEqual([oldRows + newRows + 1, 0]);
  const sessions = await database((client) => client.query("select from user_session"));
  expect(sessions.rowCount).toBe(20_000);
});
