import { afterEach, expect, test, vi } from "vitest";
import { poll } from "../../../infra/local/host/poll.ts";

afterEach(() => vi.useRealTimers());

const hourMs = 3_600_000;

test.each([hourMs, -hourMs])("a wait lasts as long as it should although the clock is set by %i ms", async (stepMs) => {
  vi.useFakeTimers({ toFake: ["Date"], now: 10 * hourMs });
  const began = performance.now();
  const ended = await poll(() => void vi.setSystemTime(10 * hourMs + stepMs), { timeoutMs: 200, intervalMs: 10 });
  expect(ended).toBeUndefined();
  expect(performance.now() - began).toBeGreaterThanOrEqual(200);
});
