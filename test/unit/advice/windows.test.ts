import { describe, expect, test } from "vitest";
import type { MetricsSource, RangeSeries } from "../../../cli/advice/metrics-source.ts";
import { beforeNewest, completed, type Windows } from "../../../cli/advice/windows.ts";

/** Six windows of an hour; what the scrapes say of each is its end. */
const windows: Windows = { start: 3_600, end: 21_600, stepSeconds: 3_600 };

function scrapes(): { source: MetricsSource; asked: Windows[] } {
  const asked: Windows[] = [];
  const range: MetricsSource["range"] = async (_, stretch) => {
    asked.push(stretch);
    const ends: number[] = [];
    for (let at = stretch.start; at <= stretch.end; at += stretch.stepSeconds) ends.push(at);
    return [{ labels: {}, points: ends.map((at) => ({ at, value: at })) }];
  };
  return { source: { name: "a test", instant: async () => [], range }, asked };
}

async function completedWith(
  recorded: readonly RangeSeries[],
  isWanted: (at: number) => boolean = () => true,
): Promise<{ asked: readonly (readonly number[])[]; values: ReadonlyMap<number, number> }> {
  const { source, asked } = scrapes();
  const series = await completed(recorded, { source, query: "up", windows, isWanted });
  const points = series.flatMap((one) => one.points.map(({ at, value }) => [at, value] as const));
  expect(points.length).toBe(new Set(points.map(([at]) => at)).size);
  return { asked: asked.map(({ start, end }) => [start, end]), values: new Map(points) };
}

const at = (...ends: readonly number[]): readonly RangeSeries[] => [
  { labels: {}, points: ends.map((end) => ({ at: end, value: -1 })) },
];

describe("the values of windows", () => {
  test("come from the scrapes at once where nothing was recorded", async () => {
    const { asked, values } = await completedWith([]);
    expect(asked).toEqual([[3_600, 21_600]]);
    expect([...values.values()]).toEqual([3_600, 7_200, 10_800, 14_400, 18_000, 21_600]);
  });

  test("come from the scrapes before, between and after what was recorded, each once", async () => {
    const { asked, values } = await completedWith([...at(7_200), ...at(14_400)]);
    expect(asked).toEqual([
      [3_600, 3_600],
      [10_800, 10_800],
      [18_000, 21_600],
    ]);
    expect(values.get(7_200)).toBe(-1);
    expect(values.size).toBe(6);
  });

  test("are not asked for where none of a stretch is wanted", async () => {
    const { asked } = await completedWith(at(10_800, 18_000), (end) => end > 10_800);
    expect(asked).toEqual([
      [14_400, 14_400],
      [21_600, 21_600],
    ]);
  });

  test("are all but the newest what can have been recorded", () => {
    expect(beforeNewest(windows)).toEqual({ start: 3_600, end: 18_000, stepSeconds: 3_600 });
    expect(beforeNewest({ start: 60, end: 60, stepSeconds: 3_600 })).toBeUndefined();
  });
});
