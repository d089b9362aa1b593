import { describe, expect, it } from "vitest";
import { partitioning } from "../../../cli/phases/partitioning.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import type { Observation, PartitionsObservation } from "../../../infra/observation.ts";
import { baselineHost, up } from "./observations.ts";

const done: PartitionsObservation = { attempts: 5, sessions: 8, monthsAhead: 4, halfMade: [] };

function host(partitions: PartitionsObservation): Observation {
  const { database, processes } = baselineHost;
  return {
    ...baselineHost,
    processes: [...processes, up("partition-schedule", "task-schedule")],
    ...(database && { database: { ...database, partitions } }),
  };
}

const failedOf = (proofs: ReturnType<typeof partitioning.verify>) =>
  proofs.filter(({ ok }) => !ok).map(({ what, found }) => `${what}: ${found}`);

describe("step partitioning", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = partitioning.apply(baseline);
    expect(after).toEqual({ ...baseline, partitioning: "partitioned" });
    expect(partitioning.revert(after)).toEqual(baseline);
    expect([partitioning.isDone(baseline), partitioning.isDone(after)]).toEqual([false, true]);
  });

  it("is proven by both layouts, the schedule and a month ahead, and by nothing that is left half-moved", () => {
    expect(failedOf(partitioning.verify(host(done)))).toEqual([]);
    expect(
      failedOf(partitioning.verify(host({ ...done, sessions: 0, monthsAhead: 0, halfMade: ["user_session_next"] }))),
    ).toEqual(["sessions: one table", "tables left half-moved: 1", "the next month has a partition: false"]);
  });

  it("is proven undone at the baseline and not while a table is partitioned", () => {
    expect(failedOf(partitioning.verifyUndone(baselineHost))).toEqual([]);
    expect(failedOf(partitioning.verifyUndone(host(done)))).toEqual([
      "schedule that keeps months ahead: up",
      "login attempts: partitioned",
      "sessions: partitioned",
    ]);
  });

  it("is not proven by a database that does not answer", () => {
    const { database: _gone, ...silent } = host(done);
    expect(failedOf(partitioning.verify(silent))).toEqual(["the database answers: no answer"]);
  });
});
