import { describe, expect, test } from "vitest";
import type { SignalName } from "../../../cli/phases/step.ts";
import { measure } from "../../../cli/advice/signals.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { shop, snapshotAt } from "./snapshots.ts";

const scans = (table: string, scanned: number, returned?: number) => ({
  [`shop_db_rows_scanned_total{table="${table}"}`]: scanned,
  ...(returned === undefined ? {} : { [`shop_db_rows_returned_total{table="${table}"}`]: returned }),
});
const answered = (route: string, within: number, all: number) => ({
  [`shop_http_request_duration_seconds_bucket{route="${route}",le="2"}`]: within,
  [`shop_http_request_duration_seconds_bucket{route="${route}",le="4"}`]: all,
  [`shop_http_request_duration_seconds_bucket{route="${route}",le="+Inf"}`]: all,
});

/** Ten seconds of one or two instances. */
function read(name: SignalName, ...ends: [before: Record<string, number>[], after: Record<string, number>[]]) {
  const snapshots = ends.map((instances, at) =>
    snapshotAt(10 * at, ...instances.map((values, index) => shop(`w${index + 1}`, values))),
  );
  return measure({
    snapshots,
    history: snapshots,
    topology: baseline,
    observation: undefined,
    environmentCreatedAt: "2026-01-01T00:00:00.000Z",
  }).get(name)!.reading;
}

describe("rows that sequential scans read for each row returned", () => {
  const perRow = "rows-scanned-per-row-returned";
  test("are of the window, and of the table with the most", () => {
    const before = { ...scans("product", 1_000, 500), ...scans("orders", 0, 0) };
    const after = { ...scans("product", 21_000, 900), ...scans("orders", 300, 150) };
    expect(read(perRow, [before], [after])).toEqual({ value: 50 });
  });

  test("count once, however many instances report the one database, and whenever they started", () => {
    const before = [scans("product", 1_000, 500)];
    const after = [scans("product", 5_000, 900), scans("product", 5_000, 900)];
    expect(read(perRow, before, after)).toEqual({ value: 10 });
  });

  test("are missing where statements are not counted, few rows were returned, or the statistics began again", () => {
    expect(read(perRow, [scans("product", 1)], [scans("product", 9)])).toEqual({
      missing: "w1 does not export shop_db_rows_returned_total",
    });
    const few = { missing: "shop_db_rows_returned_total of no table grew by 100 in the window" };
    expect(read(perRow, [scans("product", 0, 0)], [scans("product", 900, 99)])).toEqual(few);
    expect(read(perRow, [scans("product", 900, 500)], [scans("product", 10, 700)])).toEqual(few);
  });
});

test("the p95 of searches is of searches alone", () => {
  const search = "/shop/api/products/search/";
  const [before, after] = [
    answered(search, 0, 0),
    { ...answered(search, 0, 100), ...answered("/shop/api/", 900, 900) },
  ];
  expect(read("search-p95", [before], [after])).toEqual({ value: 3.9 });
});
