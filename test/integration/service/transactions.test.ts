import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { Database } from "../../../service/store/database.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";

let postgres: TestPostgres;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
  const ignore = (): void => undefined;
  database = new Database({ url: postgres.adminUrl(), poolSize: 2, onWait: ignore, onError: ignore });
  await postgres.query("create table tally (name text primary key, count integer not null check (count >= 0))");
});
beforeEach(async () => {
  await postgres.query("truncate tally");
  await postgres.query("insert into tally values ('a', 1), ('b', 1)");
});
afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});

const add = "update tally set count = count + $2 where name = $1";
const counts = (): Promise<unknown[]> => postgres.query("select name, count from tally order by name");
const untouched = [
  { name: "a", count: 1 },
  { name: "b", count: 1 },
];

it("what is sent and not waited for is committed with the rest", async () => {
  await database.transaction(
    async (transaction) => {
      transaction.send(add, ["a", 1]);
      await transaction.query(add, ["b", 1]);
      transaction.send(add, ["a", 1]);
    },
    () => true,
  );
  expect(await counts()).toEqual([
    { name: "a", count: 3 },
    { name: "b", count: 2 },
  ]);
});

it("when what is sent fails the transaction fails with it, and leaves nothing", async () => {
  const last = database.transaction(
    async (transaction) => {
      await transaction.query(add, ["b", 1]);
      transaction.send(add, ["a", -2]);
    },
    () => true,
  );
  await expect(last).rejects.toMatchObject({ code: "23514" });
  // A statement behind it is told that the transaction is over; whoever asked is told why.
  const first = database.transaction(
    async (transaction) => {
      transaction.send(add, ["a", -2]);
      await transaction.query(add, ["b", 1]);
    },
    () => true,
  );
  await expect(first).rejects.toMatchObject({ code: "23514" });
  expect(await counts()).toEqual(untouched);
  expect(database.connectionsInUse).toBe(0);
});

it("when the work fails nothing that was sent stays", async () => {
  const failing = database.transaction(
    (transaction) => {
      transaction.send(add, ["a", 1]);
      transaction.send(add, ["b", -2]);
      return Promise.reject(new Error("changed its mind"));
    },
    () => true,
  );
  await expect(failing).rejects.toThrow();
  expect(await counts()).toEqual(untouched);
});

it("a deadlock's victim runs once more, whichever statement it was", async () => {
  let runs = 0;
  const meet = Promise.withResolvers<void>();
  let waiting = 0;
  const crossing = (first: string, second: string): Promise<void> =>
    database.transaction(
      async (transaction) => {
        runs += 1;
        await transaction.query(add, [first, 1]);
        waiting += 1;
        if (waiting === 2) meet.resolve();
        await meet.promise;
        transaction.send(add, [second, 1]);
      },
      () => true,
    );
  await Promise.all([crossing("a", "b"), crossing("b", "a")]);
  expect(runs).toBe(3);
  expect(await counts()).toEqual([
    { name: "a", count: 3 },
    { name: "b", count: 3 },
  ]);
});
