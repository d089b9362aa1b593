import { describe, expect, it } from "vitest";
import { databaseIndexes } from "../../../cli/phases/database-indexes.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import type { Observation } from "../../../infra/observation.ts";
import { databaseIndexes as indexes } from "../../../service/contract/indexes.ts";
import { baselineHost } from "./observations.ts";

const hostWith = (found: { name: string; valid: boolean }[]): Observation => ({
  ...baselineHost,
  database: { ...baselineHost.database!, indexes: found },
});
const all = indexes.map(({ name }) => ({ name, valid: true }));

describe("step database-indexes", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = databaseIndexes.apply(baseline);
    expect(after).toEqual({ ...baseline, indexes: "complete" });
    expect(databaseIndexes.revert(after)).toEqual(baseline);
    expect([databaseIndexes.isDone(baseline), databaseIndexes.isDone(after)]).toEqual([false, true]);
  });

  it("is proven by every index being there and valid", () => {
    expect(databaseIndexes.verify(hostWith(all)).map(({ ok }) => ok)).toEqual([true, true, true, true, true, true]);
    const [first, ...rest] = all;
    const broken = databaseIndexes.verify(hostWith([{ ...first!, valid: false }, ...rest.slice(1)]));
    expect(broken.filter(({ ok }) => !ok)).toEqual([
      { what: "index product_words", ok: false, found: "invalid", expected: "valid" },
      { what: "index product_name_trigrams", ok: false, found: "missing", expected: "valid" },
    ]);
  });

  it("is undone when none of them is left, which the baseline shows", () => {
    expect(databaseIndexes.verifyUndone(baselineHost)).toEqual([
      { what: "indexes of this step in the database", ok: true, found: "none", expected: "none" },
    ]);
    expect(databaseIndexes.verifyUndone(hostWith(all.slice(0, 1)))).toMatchObject([
      { ok: false, found: "product_words" },
    ]);
  });

  it("is neither proven nor undone by a database that does not answer", () => {
    const { database: _silent, ...silent } = baselineHost;
    expect(databaseIndexes.verify(silent).every(({ ok, found }) => !ok && found === "no answer")).toBe(true);
    expect(databaseIndexes.verifyUndone(silent)).toMatchObject([{ ok: false, found: "no answer" }]);
  });
});
