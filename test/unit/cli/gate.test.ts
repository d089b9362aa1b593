import { describe, expect, it } from "vitest";
import type { Traffic } from "../../../cli/advice/traffic.ts";
import { gateRules, judgeGate, reasonsOf, type GateEvidence, type GateOutcome } from "../../../cli/rollout/gate.ts";
import { restartedBetween } from "../../../cli/rollout/restarted.ts";
import { touchedComponents } from "../../../cli/rollout/touched-components.ts";
import { baselineHost } from "../phases/observations.ts";

const calm: Traffic = {
  from: "2026-01-01T00:00:00.000Z",
  to: "2026-01-01T00:00:05.000Z",
  windowSeconds: 5,
  countedBy: "router",
  requests: 200,
  requestsPerSecond: 40,
  serverErrors: 0,
  refused: 3,
  latencyMs: { p50: 8, p95: 40, p99: 90 },
  mails: 0,
  orders: 1,
  gaps: [],
};
const fine: GateEvidence = {
  before: calm,
  step: { ...calm, windowSeconds: 20 },
  window: calm,
  restarted: [],
  probes: undefined,
};

describe("the gate of a step", () => {
  it("opens when nobody failed, answers are in time and nothing restarted; refusals by a limit are no failures", () => {
    const verdict = judgeGate(fine, gateRules(5));
    expect(verdict.outcome).toBe("passed");
    expect(verdict.checks.map(({ check, value, limit }) => [check, value, limit])).toEqual([
      ["server-errors", 0, 0],
      ["response-p95-ms", 40, 2_000],
      ["restarts", 0, 0],
      ["requests", 200, 50],
    ]);
  });

  it("closes at the first failed request of the whole step, not only of the window", () => {
    const verdict = judgeGate({ ...fine, step: { ...fine.step, serverErrors: 1 } }, gateRules(5));
    expect(reasonsOf(verdict)).toEqual(["server-errors: 1, limit 0"]);
  });

  it("lets a shop that failed before fail as large a share, no larger, and names the share before", () => {
    const before = { ...calm, requests: 400, serverErrors: 14 };
    const at = (serverErrors: number): GateEvidence => ({
      ...fine,
      before,
      step: { ...fine.step, requests: 800, serverErrors },
    });
    // 28 of 800 is the share before; two samples of this size differ by more than 14 by chance once in twenty times.
    expect([42, 43].map((errors) => judgeGate(at(errors), gateRules(5)).outcome)).toEqual(["passed", "failed"]);
    expect(reasonsOf(judgeGate(at(90), gateRules(5)))).toEqual([
      "server-errors: 90, limit 42 (before the step 14 of 400 requests failed, 3.5%)",
    ]);
  });

  it("cannot tell from one that failed of a few before: of those nearly any share may fail by chance", () => {
    const at = (serverErrors: number, requests = 3): readonly [GateOutcome, ...(readonly string[])] => {
      const before = { ...calm, requests, serverErrors: 1 };
      const verdict = judgeGate({ ...fine, before, step: { ...fine.step, requests: 360, serverErrors } }, gateRules(5));
      return [verdict.outcome, ...reasonsOf(verdict)];
    };
    const reason = "before the step 1 of 3 requests failed, 33%";
    expect([at(0), at(200), at(300)]).toEqual([
      ["passed"],
      ["inconclusive", `server-errors: 200, limit 281 (${reason}, too few to compare with)`],
      ["failed", `server-errors: 300, limit 281 (${reason})`],
    ]);
    expect(at(7, 50)).toEqual(["passed"]);
  });

  it("cannot tell when errors could not be counted: a missing metric is never zero", () => {
    const verdict = judgeGate({ ...fine, step: { ...fine.step, serverErrors: undefined } }, gateRules(5));
    expect([verdict.outcome, reasonsOf(verdict)]).toEqual(["inconclusive", ["server-errors: not measured, limit 0"]]);
  });

  it("cannot tell how fast answers are while an instance is not seen: its own may be the slow ones", () => {
    const window = { ...calm, gaps: [{ instance: "web-2", why: "not scraped after" as const }] };
    const verdict = judgeGate({ ...fine, window }, gateRules(5));
    expect([verdict.outcome, reasonsOf(verdict)]).toEqual([
      "inconclusive",
      ["response-p95-ms: not measured, limit 2000 (before the step it was 40 ms, web-2 not scraped after)"],
    ]);
  });

  it("closes above the objective of 2 s", () => {
    const window = { ...calm, latencyMs: { p50: 900, p95: 2_001, p99: 3_000 } };
    expect(reasonsOf(judgeGate({ ...fine, window }, gateRules(5)))).toEqual([
      "response-p95-ms: 2001, limit 2000 (before the step it was 40 ms)",
    ]);
  });

  it("lets a shop that was above the objective before be a quarter slower, no more", () => {
    const before = { ...calm, latencyMs: { p50: 900, p95: 4_000, p99: 6_000 } };
    const at = (p95: number): GateOutcome =>
      judgeGate({ ...fine, before, window: { ...calm, latencyMs: { p50: 1, p95, p99: p95 } } }, gateRules(5)).outcome;
    expect([at(5_000), at(5_001)]).toEqual(["passed", "failed"]);
  });

  it("cannot tell from too few requests: silence proves nothing", () => {
    const verdict = judgeGate({ ...fine, window: { ...calm, requests: 49 } }, gateRules(5));
    expect([verdict.outcome, reasonsOf(verdict)]).toEqual(["inconclusive", ["requests: 49, limit 50"]]);
  });

  it("closes when one check fails, whatever another cannot tell", () => {
    const verdict = judgeGate(
      { ...fine, step: { ...fine.step, serverErrors: 1 }, window: { ...calm, requests: undefined } },
      gateRules(5),
    );
    expect([verdict.outcome, reasonsOf(verdict)]).toEqual([
      "failed",
      ["server-errors: 1, limit 0", "requests: not measured, limit 50"],
    ]);
  });

  it("closes when a probe got no answer, and says which", () => {
    const probes = {
      sent: 60,
      failed: 1,
      refused: 0,
      longestMs: 31,
      failures: ["GET /shop/api/products/: status 503"],
    };
    expect(reasonsOf(judgeGate({ ...fine, probes }, gateRules(5)))).toEqual([
      "probe-failures: 1, limit 0 (GET /shop/api/products/: status 503)",
    ]);
  });

  it("closes when a process restarted in the window, and names it", () => {
    const restarted = baselineHost.processes.map((process) =>
      process.component === "web" ? { ...process, pid: 9_999 } : process,
    );
    const names = restartedBetween(baselineHost, { ...baselineHost, processes: restarted });
    expect(names).toEqual(["web-1-4f2a"]);
    expect(reasonsOf(judgeGate({ ...fine, restarted: names }, gateRules(5)))).toEqual([
      "restarts: 1, limit 0 (web-1-4f2a)",
    ]);
  });

  it("takes a process that is gone or down for restarted", () => {
    const [first, ...others] = baselineHost.processes;
    expect(restartedBetween(baselineHost, { ...baselineHost, processes: others })).toEqual(["postgres"]);
    const down = { ...first!, state: "down" as const };
    expect(restartedBetween(baselineHost, { ...baselineHost, processes: [down, ...others] })).toEqual(["postgres"]);
  });

  it("leaves out what the step restarts on purpose, by what its preview touches", () => {
    const update = { urn: "", type: "shopctl:local:PostgresServer", name: "postgres", changedKeys: [] };
    const touched = touchedComponents([
      { ...update, operation: "update" },
      { ...update, type: "shopctl:local:Router", operation: "same" },
    ]);
    const others = baselineHost.processes.map((process) => ({ ...process, pid: 9_999 }));
    expect(restartedBetween(baselineHost, { ...baselineHost, processes: others }, touched)).toEqual([
      "router",
      "mail-sink",
      "web-1-4f2a",
    ]);
  });
});
