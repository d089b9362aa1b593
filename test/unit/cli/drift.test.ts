import { expect, test } from "vitest";
import { renderDrift } from "../../../cli/render/drift.ts";

test("a serious difference names every way on, the one that mends it too", () => {
  const text = renderDrift({
    schema: "shopctl.drift/1",
    environment: "demo",
    at: "2026-01-01T00:00:00.000Z",
    verdict: "serious",
    resources: 20,
    differences: [{ resource: "redis", what: "resource", expected: "there", found: "gone", harm: "serious" }],
    nextActions: ["shopctl logs --env demo", "shopctl recover --env demo --dry-run"],
  });
  expect(text.split("\n").slice(1)).toEqual([
    "",
    "next: shopctl logs --env demo",
    "      shopctl recover --env demo --dry-run",
  ]);
});
