import { describe, expect, it } from "vitest";
import { tierStandard } from "../../../cli/phases/tier-standard.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { baselineHost, phase1Host, web } from "./observations.ts";

describe("step tier-standard", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = tierStandard.apply(baseline);
    expect(after).toEqual({
      ...baseline,
      tier: "standard",
    });
    expect(tierStandard.revert(after)).toEqual(baseline);
    expect([tierStandard.isDone(baseline), tierStandard.isDone(after)]).toEqual([false, true]);
  });

  it("is proven on a host after phase 1 and not at the baseline", () => {
    expect(tierStandard.verify(phase1Host).filter(({ ok }) => !ok)).toEqual([]);
    expect(tierStandard.verify(baselineHost).some(({ ok }) => !ok)).toBe(true);
  });

  it("is proven undone at the baseline and not after phase 1", () => {
    expect(tierStandard.verifyUndone(baselineHost).filter(({ ok }) => !ok)).toEqual([]);
    expect(tierStandard.verifyUndone(phase1Host).some(({ ok }) => !ok)).toBe(true);
  });

  it("says so and is content where the host enforces no limits", () => {
    const { limits: _none, ...free } = web(1, 2_048);
    const host = { ...phase1Host, processes: [free] };
    expect(tierStandard.verify(host)).toEqual([
      {
        what: "limits of web-1-4f2a",
        ok: true,
        found: "limits not enforced on this host",
        expected: "1 CPU, 2048 MiB or more",
      },
    ]);
  });

  it("stays proven when a later step gave a larger tier", () => {
    const host = { ...phase1Host, processes: [web(2, 4_096)] };
    expect(tierStandard.verify(host).map(({ ok }) => ok)).toEqual([true]);
  });

  it("is not proven by an instance with the smaller tier's limits", () => {
    const host = { ...phase1Host, processes: [web(1, 2_048), web(0.5, 512)] };
    expect(tierStandard.verify(host).map(({ ok }) => ok)).toEqual([true, false]);
  });

  it("takes resource use as evidence only with answers slower than 2 s", () => {
    expect(tierStandard.triggers.map(({ signal, atLeast, onlyWith }) => [signal, atLeast, onlyWith?.atLeast])).toEqual([
      ["cpu-of-tier", 0.7, 2],
      ["memory-of-tier", 0.8, 2],
      ["event-loop-utilisation", 0.8, 2],
      ["users", 8_000, undefined],
    ]);
  });
});
