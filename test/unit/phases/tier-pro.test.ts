import { describe, expect, it } from "vitest";
import { tierPro } from "../../../cli/phases/tier-pro.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { baselineHost, phase1Host, web } from "./observations.ts";

const standard: Topology = { ...baseline, tier: "standard" };
const proHost = {
  ...phase1Host,
  processes: [...phase1Host.processes.filter(({ component }) => component !== "web"), web(2, 4_096)],
};

describe("step tier-pro", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = tierPro.apply(standard);
    expect(after).toEqual({ ...standard, tier: "pro" });
    expect(tierPro.revert(after)).toEqual(standard);
    expect([tierPro.isDone(standard), tierPro.isDone(after)]).toEqual([false, true]);
  });

  it("is proven by the limits of the tier, and its way back by those of any smaller one", () => {
    expect(tierPro.verify(proHost).every(({ ok }) => ok)).toBe(true);
    expect(tierPro.verify(phase1Host).some(({ ok }) => !ok)).toBe(true);
    expect(tierPro.verifyUndone(phase1Host).every(({ ok }) => ok)).toBe(true);
    expect(tierPro.verifyUndone(baselineHost)).toEqual([
      { what: "limits of web-1-4f2a", ok: true, found: "0.5 CPU, 512 MiB", expected: "less than 2 CPU, 4096 MiB" },
    ]);
    expect(tierPro.verifyUndone(proHost).some(({ ok }) => !ok)).toBe(true);
  });
});
