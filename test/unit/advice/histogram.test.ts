import { describe, expect, test } from "vitest";
import { bucketsOf, histogramQuantile } from "../../../cli/advice/histogram.ts";

const series = (le: string, increase: number, instance = "web-1") => ({
  instance,
  labels: { le, route: "/" },
  increase,
});

const buckets = (...pairs: [number, number][]) => pairs.map(([upperBound, count]) => ({ upperBound, count }));

describe("histogramQuantile", () => {
  // The cases of Prometheus' own promql/testdata/histograms.test, `testhistogram` at 50m.
  const positive = buckets([0.1, 50], [0.2, 70], [1, 110], [Infinity, 120]);

  test.each([
    [0, 0],
    [0.2, 0.048],
    [0.5, 0.15],
    [0.8, 0.72],
  ])("of %f is Prometheus' %f", (q, expected) => {
    expect(histogramQuantile(q, positive)).toBeCloseTo(expected, 12);
  });

  test.each([
    [0.2, -0.2],
    [0.5, -0.15],
    [0.8, 0.3],
  ])("of %f with negative bounds is Prometheus' %f", (q, expected) => {
    expect(histogramQuantile(q, buckets([-0.2, 10], [-0.1, 20], [0.3, 20], [Infinity, 30]))).toBeCloseTo(expected, 12);
  });

  test("in the +Inf bucket is the highest finite bound", () => {
    expect(histogramQuantile(0.95, positive)).toBe(1);
    expect(histogramQuantile(1, positive)).toBe(1);
  });

  test("starts the lowest bucket at 0, and at its bound when that is not positive", () => {
    expect(histogramQuantile(0.5, buckets([2, 10], [Infinity, 10]))).toBe(1);
    expect(histogramQuantile(0.5, buckets([-1, 10], [Infinity, 10]))).toBe(-1);
  });

  test("skips empty buckets", () => {
    expect(histogramQuantile(0.5, buckets([1, 0], [2, 0], [4, 10], [Infinity, 10]))).toBe(3);
  });

  test("is not known without observations, without +Inf and without buckets", () => {
    expect(histogramQuantile(0.95, buckets([1, 0], [Infinity, 0]))).toBeUndefined();
    expect(histogramQuantile(0.95, buckets([1, 5]))).toBeUndefined();
    expect(histogramQuantile(0.95, buckets([Infinity, 5]))).toBeUndefined();
    expect(histogramQuantile(0.95, [])).toBeUndefined();
    expect(histogramQuantile(0.95, buckets([1, NaN], [Infinity, NaN]))).toBeUndefined();
  });
});

test("bucketsOf sums instances and routes by bound, in order, and never falls", () => {
  expect(
    bucketsOf([
      series("+Inf", 4),
      series("1", 3),
      series("0.5", 5),
      series("1", 4, "web-2"),
      series("+Inf", 4, "web-2"),
    ]),
  ).toEqual(buckets([0.5, 5], [1, 7], [Infinity, 8]));
});
