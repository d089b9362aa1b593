import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openapiDocument } from "../../../service/contract/openapi.ts";
import { operations } from "../../../service/contract/operations.ts";

const committed = join(import.meta.dirname, "..", "..", "..", "docs", "openapi.json");

describe("the OpenAPI document", () => {
  it("is committed as the contract has it: npm run docs:openapi", () => {
    expect(JSON.parse(readFileSync(committed, "utf8"))).toEqual(
      JSON.parse(JSON.stringify(openapiDocument(operations))),
    );
  });

  it("names every operation once and resolves all its references", () => {
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    const text = JSON.stringify(openapiDocument(operations));
    const { components } = JSON.parse(text) as { components: { schemas: Record<string, unknown> } };
    const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(references.filter((name) => !(String(name) in components.schemas))).toEqual([]);
  });
});
