import { describe, expect, it } from "vitest";
import { archiving } from "../../../cli/phases/archiving.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import type { AttemptsObservation, Observation } from "../../../infra/observation.ts";
import { phase1Host, up } from "./observations.ts";

function host(attempts: AttemptsObservation, ...schedules: string[]): Observation {
  const { database, processes } = phase1Host;
  return {
    ...phase1Host,
    processes: [...processes, ...schedules.map((name) => up(name, "task-schedule"))],
    ...(database && { database: { ...database, attempts } }),
  };
}

const archived = host({ overdue: false, archiveBytes: 8_192 }, "archiving-schedule");
const failedOf = (proofs: ReturnType<typeof archiving.verify>) => proofs.filter(({ ok }) => !ok);

describe("step archiving", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = archiving.apply(baseline);
    expect(after).toEqual({ ...baseline, archiving: "daily" });
    expect(archiving.revert(after)).toEqual(baseline);
    expect([archiving.isDone(baseline), archiving.isDone(after)]).toEqual([false, true]);
  });

  it("is proven by its schedule and by no attempt that is overdue, also where nothing was old enough", () => {
    expect(failedOf(archiving.verify(archived))).toEqual([]);
    expect(failedOf(archiving.verify(host({ overdue: false, archiveBytes: 0 }, "archiving-schedule")))).toEqual([]);
    expect(failedOf(archiving.verify(host({ overdue: true, archiveBytes: 8_192 })))).toEqual([
      { what: "schedule of the archiving", ok: false, found: "none", expected: "up" },
      { what: "old login attempts", ok: false, found: "in their table", expected: "archived" },
    ]);
  });

  it("is proven undone at the baseline, and not while anything is left in the archive", () => {
    expect(failedOf(archiving.verifyUndone(phase1Host))).toEqual([]);
    expect(failedOf(archiving.verifyUndone(archived))).toEqual([
      { what: "schedule of the archiving", ok: false, found: "up", expected: "none" },
      { what: "archive of login attempts", ok: false, found: "holds rows", expected: "empty" },
    ]);
  });

  it("is not proven by a database that does not answer", () => {
    const { database: _gone, ...silent } = archived;
    expect(failedOf(archiving.verify(silent)).map(({ what }) => what)).toEqual(["the database answers"]);
  });
});
