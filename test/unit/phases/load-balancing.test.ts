import { describe, expect, it } from "vitest";
import { loadBalancing } from "../../../cli/phases/load-balancing.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import type { RouterServer } from "../../../infra/observation.ts";
import { phase1Host } from "./observations.ts";

const serving = (...states: RouterServer["state"][]) => ({
  ...phase1Host,
  router: {
    ...phase1Host.router,
    servers: states.map((state, at) => ({ name: `web-${at + 1}`, state, currentSessions: 0 })),
  },
});

describe("step load-balancing", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = loadBalancing.apply(baseline);
    expect(after).toEqual({ ...baseline, instances: 2 });
    expect(loadBalancing.revert(after)).toEqual(baseline);
    expect([loadBalancing.isDone(baseline), loadBalancing.isDone(after)]).toEqual([false, true]);
  });

  it("takes no instance from a shop that has more", () => {
    expect(loadBalancing.apply({ ...baseline, instances: 4 }).instances).toBe(4);
  });

  it("is proven by two instances that take requests, not by one that is leaving", () => {
    expect(loadBalancing.verify(serving("up", "up")).every(({ ok }) => ok)).toBe(true);
    expect(loadBalancing.verify(serving("up", "drain"))).toEqual([
      { what: "instances that the router sends requests to", ok: false, found: "1 instance", expected: "2 or more" },
    ]);
  });

  it("is proven undone by exactly one", () => {
    expect(loadBalancing.verifyUndone(serving("up")).every(({ ok }) => ok)).toBe(true);
    expect(loadBalancing.verifyUndone(serving("up", "up")).every(({ ok }) => ok)).toBe(false);
    expect(loadBalancing.verifyUndone(serving()).every(({ ok }) => ok)).toBe(false);
  });
});
