import { describe, expect, it } from "vitest";
import { databasePaid } from "../../../cli/phases/database-paid.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { baselineHost, phase1Host } from "./observations.ts";

describe("step database-paid", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = databasePaid.apply(baseline);
    expect(after).toEqual({
      ...baseline,
      database: "paid",
    });
    expect(databasePaid.revert(after)).toEqual(baseline);
    expect([databasePaid.isDone(baseline), databasePaid.isDone(after)]).toEqual([false, true]);
  });

  it("is proven on a host after phase 1 and not at the baseline", () => {
    expect(databasePaid.verify(phase1Host).filter(({ ok }) => !ok)).toEqual([]);
    expect(databasePaid.verify(baselineHost).some(({ ok }) => !ok)).toBe(true);
  });

  it("is proven undone at the baseline and not after phase 1", () => {
    expect(databasePaid.verifyUndone(baselineHost).filter(({ ok }) => !ok)).toEqual([]);
    expect(databasePaid.verifyUndone(phase1Host).some(({ ok }) => !ok)).toBe(true);
  });

  it("needs the pooler, which holds the queries while the database restarts", () => {
    expect(databasePaid.needs.map(({ step }) => step)).toEqual(["connection-pooler"]);
  });

  it("is not proven without a schedule of backups", () => {
    const database = phase1Host.database && { ...phase1Host.database, backupSchedule: false };
    const failed = databasePaid.verify({ ...phase1Host, ...(database && { database }) }).filter(({ ok }) => !ok);
    expect(failed).toEqual([{ what: "nightly backups are scheduled", ok: false, found: "false", expected: "true" }]);
  });

  it("is not proven by a database that does not answer", () => {
    const { database: _gone, ...silent } = phase1Host;
    expect(databasePaid.verify(silent).map(({ ok }) => ok)).toEqual([false]);
  });
});
