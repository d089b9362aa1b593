import { describe, expect, it } from "vitest";
import { breakingChanges, contractedSince } from "../../../cli/planning/expand-only.ts";
import { deployProblems, withoutWhatItUses } from "../../../cli/planning/migration-order.ts";
import { readMigrations } from "../../../infra/local/release/read-migrations.ts";
import { join } from "node:path";

const service = join(import.meta.dirname, "../../../service");

describe("the migrations of the service", () => {
  it("only expand the schema, or say since when nothing uses what they take away", async () => {
    const migrations = await readMigrations(service);
    expect(migrations.length).toBeGreaterThanOrEqual(8);
    for (const { name, sql } of migrations) {
      const since = contractedSince(sql);
      if (since === undefined) expect([name, breakingChanges(sql)]).toEqual([name, []]);
      else
        expect(migrations.findIndex((one) => one.name === since)).toBeLessThan(
          migrations.findIndex((one) => one.name === name),
        );
    }
  });
});

describe("a change that the release before could not run on", () => {
  it.each([
    ["drop table old", "drop table old: gone for who uses it"],
    ["alter table product drop column price", "product: drop column price: gone for who uses it"],
    ["alter table product drop price", "product: drop price: gone for who uses it"],
    ["alter table product\n  rename column price to cents", "product: rename column price to cents: renamed"],
    ["ALTER TABLE product ALTER COLUMN price TYPE bigint", "product: alter column price type bigint: another type"],
    [
      "alter table product alter price set not null",
      "product: alter price set not null: not null refuses what was written before",
    ],
    [
      "alter table product add column a int, add column b numeric(1, 2) not null",
      "product: add column b numeric(1, 2) not null: not null without a default",
    ],
    [
      "alter table product add constraint positive check (price > 0)",
      "product: add constraint positive check (price > 0): a constraint refuses what was written before",
    ],
    ["create unique index on product (name)", "product: a unique index refuses rows"],
    ["revoke select on product from shop", "revoke select on product from shop: gone for who uses it"],
    ["do $$ begin drop view v; end $$", "drop view v: gone for who uses it"],
    ["alter table product drop price cascade", "product: drop price cascade: gone for who uses it"],
    [
      "alter table product drop if exists price restrict",
      "product: drop if exists price restrict: gone for who uses it",
    ],
    ['alter table "product" drop column price', "product: drop column price: gone for who uses it"],
    ['alter table product drop "the price"', "product: drop the_price: gone for who uses it"],
    ['alter table product alter "price" type bigint', "product: alter price type bigint: another type"],
    ["alter table public.product * drop column price", "product: drop column price: gone for who uses it"],
    ["alter table product set schema old", "product: set schema old: renamed"],
    ["alter function f(bigint) set schema old", "alter function f(bigint) set schema old: renamed"],
    ["alter table product enable row level security", "product: enable row level security: hides rows"],
    [
      "create trigger t before insert on product for each row execute function f()",
      "product: acts on what the release before writes",
    ],
  ])("is seen: %s", (sql, said) => expect(breakingChanges(`${sql};`)).toEqual([said]));

  it.each([
    "alter table product add column b int not null default 1",
    "alter table product add column c text, alter column price drop not null",
    "create table t (a int not null); alter table t add constraint one unique (a); create unique index on t (a)",
    "drop index product_name",
    'alter table "product" add column "drop me" text, set (fillfactor = 70)',
    "create table public.t (a int); create trigger f after insert on t for each row execute function f()",
    "-- drop table product\ninsert into note values ('drop table product; rename')",
    "create function f() returns int language sql as $f$ select 1; drop table x; $f$",
  ])("is not seen in: %s", (sql) => expect(breakingChanges(sql)).toEqual([]));
});

describe("what a deployment may bring", () => {
  const first = { name: "0001_a", sql: "create table a (b int, c int)" };
  const second = { name: "0002_d", sql: "alter table a add column d int" };
  const contract = { name: "0003_no_c", sql: "-- contract: unused since 0002_d\nalter table a drop column c;" };

  it("are migrations that expand, and contracting ones once a release runs that does not use what goes", () => {
    expect(deployProblems([first], [first, second])).toEqual([]);
    expect(deployProblems([first, second], [first, second, contract])).toEqual([]);
    expect(deployProblems([first], [first, second, contract])).toEqual([
      "0003_no_c: deploy a release with 0002_d first; the one that runs is of before it",
    ]);
    expect(deployProblems([first, second], [first, second, { ...contract, sql: "drop table a" }])).toEqual([
      "0003_no_c: drop table a: gone for who uses it, so the release that runs could not go on",
    ]);
  });

  it("are neither changed migrations nor ones that come too late", () => {
    expect(deployProblems([first, second], [{ ...first, sql: "select 1" }, second])).toEqual([
      "0001_a was changed after it had been run",
    ]);
    expect(deployProblems([first, contract], [first, second, contract])).toEqual([
      "0002_d comes before 0003_no_c, which was run already",
    ]);
  });

  it("is an older release only where nothing that it uses was taken away", () => {
    expect(withoutWhatItUses([first, second, contract], [first, second])).toEqual([]);
    expect(withoutWhatItUses([first, second, contract], [first])).toEqual([
      "0003_no_c took away what this release still uses",
    ]);
  });
});
