import { describe, expect, it } from "vitest";
import { cdn } from "../../../cli/phases/cdn.ts";
import { baseline, topologySchema } from "../../../infra/topology/topology.ts";
import { baselineHost, up } from "./observations.ts";

const host = (secondAnswer: string) => ({
  ...baselineHost,
  processes: [...baselineHost.processes, up("cdn", "cdn"), up("cdn-control", "cdn-control")],
  cdn: { secondAnswer },
});

describe("step cdn", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = cdn.apply(baseline);
    expect(after).toEqual({ ...baseline, cdn: "nginx" });
    expect(cdn.revert(after)).toEqual(baseline);
    expect([cdn.isDone(baseline), cdn.isDone(after)]).toEqual([false, true]);
  });

  it("is not done in a stack from before there was one", () => {
    const { cdn: _unknown, ...older } = baseline;
    expect(cdn.isDone(topologySchema.parse(older))).toBe(false);
  });

  it("is proven by products that come from the cache when they are asked for again", () => {
    for (const answer of ["HIT", "UPDATING", "STALE"]) {
      expect(cdn.verify(host(answer)).every(({ ok }) => ok)).toBe(true);
    }
    expect(cdn.verify(host("MISS")).filter(({ ok }) => !ok)).toEqual([
      {
        what: "products that are asked for twice come from the cache",
        ok: false,
        found: "MISS",
        expected: "HIT",
      },
    ]);
    expect(cdn.verify(baselineHost).every(({ ok }) => ok)).toBe(false);
  });

  it("is proven undone at the baseline, and not while a cache takes part", () => {
    expect(cdn.verifyUndone(baselineHost).every(({ ok }) => ok)).toBe(true);
    expect(cdn.verifyUndone({ ...baselineHost, cdn: { secondAnswer: "HIT" } }).every(({ ok }) => ok)).toBe(false);
    expect(cdn.verifyUndone(host("HIT")).filter(({ ok }) => !ok)).toHaveLength(3);
  });
});
