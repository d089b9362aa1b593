import { describe, expect, it } from "vitest";
import { readReplicas } from "../../../cli/phases/read-replicas.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { phase1Host, up } from "./observations.ts";

const follower = { number: 1, state: "streaming", lagBytes: 0, isSynchronous: false };
const host = {
  ...phase1Host,
  processes: [...phase1Host.processes, up("postgres-1", "replica"), up("replication-guard", "replication-guard")],
  replication: { primary: 0, replicas: [follower] },
  replicasInUse: { "web-1-4f2a": 1 },
};
const failed = (observation: typeof host) =>
  readReplicas.verify(observation).flatMap(({ ok, found }) => (ok ? [] : [found]));

describe("step read-replicas", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = readReplicas.apply(baseline);
    expect(after).toEqual({ ...baseline, replicas: 1 });
    expect(readReplicas.revert(after)).toEqual(baseline);
    expect([readReplicas.isDone(baseline), readReplicas.isDone(after)]).toEqual([false, true]);
  });

  it("takes no replica from a shop that has two, and leaves the kind of replication alone", () => {
    const two = { ...baseline, replicas: 2, replication: "synchronous" as const };
    expect(readReplicas.apply(two)).toEqual(two);
  });

  it("is proven by replicas that stream and by instances that read from them", () => {
    expect(failed(host)).toEqual([]);
    expect(failed({ ...host, replicasInUse: { "web-1-4f2a": 0 } })).toEqual(["web-1-4f2a: 0 replicas"]);
    const away = { ...follower, state: "away" };
    expect(failed({ ...host, replication: { primary: 0, replicas: [away] } })).toEqual([
      "server 1 away, 0.0 MiB behind",
    ]);
    const late = { ...follower, lagBytes: 20 * 1_048_576 };
    expect(failed({ ...host, replication: { primary: 0, replicas: [late] } })).toEqual([
      "server 1 streaming, 20.0 MiB behind",
    ]);
  });

  it("is proven undone where no replica runs and none is read from, as at the baseline", () => {
    const undone = { ...phase1Host, replicasInUse: { "web-1-4f2a": 0 } };
    expect(readReplicas.verifyUndone(undone).every(({ ok }) => ok)).toBe(true);
    expect(readReplicas.verifyUndone(host).some(({ ok }) => ok)).toBe(false);
  });

  it("is due where the database is busy and mostly reads", () => {
    const [busy] = readReplicas.triggers;
    expect([busy?.signal, busy?.atLeast]).toEqual(["database-busy-ratio", 0.7]);
    expect([busy?.onlyWith?.signal, busy?.onlyWith?.atLeast]).toEqual(["database-read-share", 0.8]);
  });
});
