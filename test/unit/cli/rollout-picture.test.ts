import { expect, it } from "vitest";
import { rolloutPicture } from "../../../cli/render/charts/rollout-picture.ts";

const startMs = Date.UTC(2026, 0, 1);

it("a rollout's picture names its steps, has a line for what failed, and follows light and dark", () => {
  const seconds = [0, 1, 2, 3].map((second) => ({
    atMs: startMs + second * 1_000,
    answered: 100,
    refused: 1,
    failed: second === 2 ? 3 : 0,
    p50Ms: 0,
    p99Ms: 80,
  }));
  const picture = rolloutPicture(seconds, [
    { name: "cache-redis", fromMs: startMs + 1_000, toMs: startMs + 2_000 },
    { name: "cdn", fromMs: startMs + 2_000, toMs: startMs + 3_000 },
  ]);
  expect(picture).toContain("<title>Latency and throughput over a rollout of 2 steps, 3 requests failed</title>");
  for (const text of ["Latency", "Throughput", "p50", "p99", "refused by limits", "failed", "cache-redis", "cdn"])
    expect(picture).toContain(`>${text}</text>`);
  expect(picture).toContain("prefers-color-scheme:dark");
  expect(picture).not.toMatch(/NaN|undefined|<script|https?:(?!\/\/www.w3.org\/)/);
});
