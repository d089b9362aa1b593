import { describe, expect, it } from "vitest";
import { connectionPooler } from "../../../cli/phases/connection-pooler.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { baselineHost, phase1Host } from "./observations.ts";

describe("step connection-pooler", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = connectionPooler.apply(baseline);
    expect(after).toEqual({
      ...baseline,
      pooler: "pgbouncer",
    });
    expect(connectionPooler.revert(after)).toEqual(baseline);
    expect([connectionPooler.isDone(baseline), connectionPooler.isDone(after)]).toEqual([false, true]);
  });

  it("is proven on a host after phase 1 and not at the baseline", () => {
    expect(connectionPooler.verify(phase1Host).filter(({ ok }) => !ok)).toEqual([]);
    expect(connectionPooler.verify(baselineHost).some(({ ok }) => !ok)).toBe(true);
  });

  it("is proven undone at the baseline and not after phase 1", () => {
    expect(connectionPooler.verifyUndone(baselineHost).filter(({ ok }) => !ok)).toEqual([]);
    expect(connectionPooler.verifyUndone(phase1Host).some(({ ok }) => !ok)).toBe(true);
  });

  it("is refused as undone while a pgbouncer still runs", () => {
    expect(connectionPooler.verifyUndone(phase1Host)).toEqual([
      { what: "no pgbouncer runs", ok: false, found: "pgbouncer", expected: "none" },
    ]);
  });

  it("is not proven by a process that does not answer", () => {
    const { pooler: _gone, ...silent } = phase1Host;
    expect(connectionPooler.verify(silent).filter(({ ok }) => !ok)).toEqual([
      { what: "the pooler answers", ok: false, found: "no answer", expected: "an answer" },
    ]);
  });

  it("is due from a wait of 50 ms, 80% of the pool or 70% of the server's connections", () => {
    expect(connectionPooler.triggers.map(({ signal, atLeast }) => [signal, atLeast])).toEqual([
      ["pool-wait-p95", 0.05],
      ["pool-utilisation", 0.8],
      ["server-connections-ratio", 0.7],
      ["users", 8_000],
    ]);
  });
});
