import { expect, test } from "vitest";
import { measure } from "../../../cli/advice/signals.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { shop, snapshotAt } from "./snapshots.ts";

const seconds = (read: number, write: number) => ({
  'shop_db_statement_seconds_total{kind="read"}': read,
  'shop_db_statement_seconds_total{kind="write"}': write,
});

function share(before: Record<string, number>, ...after: Record<string, number>[]) {
  const snapshots = [
    snapshotAt(0, shop("w1", before)),
    snapshotAt(10, ...after.map((values, at) => shop(`w${at + 1}`, values))),
  ];
  const input = { snapshots, history: snapshots, topology: baseline, observation: undefined };
  return measure({ ...input, environmentCreatedAt: "2026-01-01T00:00:00.000Z" }).get("database-read-share")?.reading;
}

test("the share of reads is of the window, and counts the one database once", () => {
  expect(share(seconds(100, 50), seconds(104, 51))).toEqual({ value: 0.8 });
  expect(share(seconds(100, 50), seconds(104, 51), seconds(104, 51))).toEqual({ value: 0.8 });
});

test("the share of reads is missing where statements are not counted, took next to nothing, or began again", () => {
  expect(share({}, {})).toEqual({ missing: "w1 does not export shop_db_statement_seconds_total" });
  expect(share(seconds(1, 1), seconds(1.2, 1.2))).toEqual({
    missing: "shop_db_statement_seconds_total grew by 0.40 s in the window, a share needs 0.5 s",
  });
  expect(share(seconds(9, 9), seconds(1, 1))).toEqual({
    missing: "shop_db_statement_seconds_total is not known at both ends of the window",
  });
});
