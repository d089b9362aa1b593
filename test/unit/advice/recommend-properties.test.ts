import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Verdict } from "../../../cli/advice/recommend.ts";
import { signalOf, signals } from "../../../cli/advice/signals.ts";
import { steps } from "../../../cli/phases/index.ts";
import type { SignalName } from "../../../cli/phases/step.ts";
import { anyTopology } from "../../support/any-topology.ts";
import { advise } from "./advise.ts";
import type { Read as Reading } from "./measured.ts";

describe("for any evidence", () => {
  const value = fc.oneof(
    fc.double({ min: 0, max: 3, noNaN: true }),
    fc.constantFrom(0, 0.01, 0.05, 0.7, 0.8, 1, 2, 8_000),
  );
  const reading = fc.oneof(
    { weight: 4, arbitrary: value.map((known): Reading => ({ value: known })) },
    { weight: 1, arbitrary: value.map((known): Reading => ({ value: known, lowerBound: "an instance is missing" })) },
    { weight: 1, arbitrary: fc.constant<Reading>({ missing: "not exported" }) },
    { weight: 1, arbitrary: fc.constant<Reading>({ quiet: true }) },
  );
  const names = signals.map(({ name }) => name);
  const readings = fc
    .tuple(...names.map(() => reading))
    .map((all) => Object.fromEntries(all.map((one, index) => [names[index]!, one])) as Record<SignalName, Reading>);
  const rank: Record<Verdict, number> = {
    done: 9,
    "not-yet": 0,
    soon: 1,
    "insufficient-evidence": 1,
    blocked: 2,
    due: 2,
  };

  test("more of a signal never makes a step less due", () => {
    fc.assert(
      fc.property(readings, anyTopology, fc.constantFrom(...names), value, (before, runs, name, more) => {
        const known = before[name];
        const raised = !("value" in known) ? known : { ...known, value: known.value + more };
        const after = advise({ ...before, [name]: raised }, runs).steps.map(({ verdict }) => rank[verdict]);
        const lessDue = advise(before, runs).steps.filter(({ verdict }, index) => after[index]! < rank[verdict]);
        expect(lessDue).toEqual([]);
      }),
    );
  });

  test("removing a metric never turns due, blocked or insufficient evidence into not yet, nor makes anything due", () => {
    fc.assert(
      fc.property(readings, anyTopology, fc.subarray([...names]), (before, runs, removed) => {
        const missing = Object.fromEntries(removed.map((name) => [name, { missing: "removed" }]));
        const fewer = advise({ ...before, ...missing }, runs).steps.map(({ verdict }) => verdict);
        const changed = advise(before, runs).steps.filter(({ verdict }, index) => fewer[index] !== verdict);
        const into = changed.map(({ id }) => fewer[steps.findIndex((step) => step.id === id)]);
        expect(into.filter((verdict) => verdict !== "insufficient-evidence")).toEqual([]);
      }),
    );
  });

  test("a verdict is what its evidence and needs say", () => {
    fc.assert(
      fc.property(readings, anyTopology, (before, runs) => {
        for (const { verdict, dueBy, evidence, needs } of advise(before, runs).steps) {
          const byNeeds = needs.length > 0 ? "blocked" : "due";
          expect(verdict === "due" || verdict === "blocked" ? verdict : byNeeds).toBe(byNeeds);
          expect(verdict === byNeeds).toBe(dueBy !== null);
          const missing = evidence.some((one) => one.missing !== null);
          expect(verdict !== "insufficient-evidence" || missing).toBe(true);
          for (const one of evidence) expect(one.value === null || Number.isFinite(one.value)).toBe(true);
          for (const one of evidence) expect(one.unit).toBe(signalOf(one.signal).unit);
        }
      }),
    );
  });
});
