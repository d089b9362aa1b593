import { describe, expect, test } from "vitest";
import { recordingOf } from "../../../cli/advice/recording.ts";
import { adviceRecordings, recordingOfSignal } from "../../../cli/advice/recordings.ts";
import { checkPromql } from "../../../cli/advice/selectors.ts";
import { signals } from "../../../cli/advice/signals.ts";

describe("what is recorded for advice", () => {
  const metered = signals.filter((signal) => signal.over !== "host");

  test("is every signal of metrics, and which hours were measured, each as PromQL under a name of its own", () => {
    const recordings = adviceRecordings();
    expect(recordings.map(({ labels }) => labels.signal)).toEqual(["hours-known", ...metered.map(({ name }) => name)]);
    expect(new Set(recordings.map(({ labels }) => labels.of)).size).toBe(recordings.length);
    for (const { expr } of recordings) checkPromql(expr);
  });

  test("has another fingerprint when its expression is another one, whatever its name", () => {
    const of = (query: string): string => recordingOf("a", query).labels.of;
    expect(of("sum(up)")).toBe(recordingOf("b", "sum(up)").labels.of);
    expect(of("sum(up)")).not.toBe(of("max(up)"));
  });

  test("does not hold the tier, which changes", () => {
    const perTier = metered.filter(({ per }) => per !== undefined);
    expect(perTier.map(({ name }) => name)).toEqual(["cpu-of-tier", "memory-of-tier", "cache-memory-of-tier"]);
    for (const signal of perTier) expect(recordingOfSignal(signal).expr).toMatch(/^max\([^/]*$/);
  });
});
