import { describe, expect, it } from "vitest";
import { rateLimitsRaised } from "../../../cli/phases/rate-limits-raised.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { baselineHost, phase1Host } from "./observations.ts";

describe("step rate-limits-raised", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = rateLimitsRaised.apply(baseline);
    expect(after).toEqual({
      ...baseline,
      limits: "raised",
    });
    expect(rateLimitsRaised.revert(after)).toEqual(baseline);
    expect([rateLimitsRaised.isDone(baseline), rateLimitsRaised.isDone(after)]).toEqual([false, true]);
  });

  it("is proven on a host after phase 1 and not at the baseline", () => {
    expect(rateLimitsRaised.verify(phase1Host).filter(({ ok }) => !ok)).toEqual([]);
    expect(rateLimitsRaised.verify(baselineHost).some(({ ok }) => !ok)).toBe(true);
  });

  it("is proven undone at the baseline and not after phase 1", () => {
    expect(rateLimitsRaised.verifyUndone(baselineHost).filter(({ ok }) => !ok)).toEqual([]);
    expect(rateLimitsRaised.verifyUndone(phase1Host).some(({ ok }) => !ok)).toBe(true);
  });

  it("is proven by what the service itself says of each limit", () => {
    expect(rateLimitsRaised.verify(phase1Host).map(({ what, found }) => [what, found])).toEqual([
      ["limit of login, requests each 60 s", "50"],
      ["limit of registration, requests each 3600 s", "50"],
      ["limit of search, requests each 60 s", "200"],
      ["limit of api, requests each 60 s", "200"],
    ]);
  });
});
