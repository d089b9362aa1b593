import { describe, expect, it } from "vitest";
import { unsettledIndexes } from "../../../infra/local/operations/unsettled-data.ts";
import { databaseIndexes } from "../../../service/contract/indexes.ts";

const all = databaseIndexes.map(({ name }) => ({ name, valid: true }));
const [first, ...others] = all;

describe("indexes that are not as the stack has them", () => {
  it("are none where all are there and valid, or none is wanted and there", () => {
    expect([unsettledIndexes(all, "complete"), unsettledIndexes([], "basic")]).toEqual([[], []]);
  });

  it("are built where one is missing or invalid", () => {
    for (const found of [others, [{ name: first?.name ?? "", valid: false }, ...others]]) {
      expect(unsettledIndexes(found, "complete")).toMatchObject([
        { what: `indexes are missing: ${first?.name}`, indexes: "build", tasks: [] },
      ]);
    }
  });

  it("are dropped where the stack has none of them", () => {
    expect(unsettledIndexes(all.slice(0, 1), "basic")).toMatchObject([
      { what: `there are indexes that the stack does not have: ${first?.name}`, indexes: "drop" },
    ]);
  });
});
