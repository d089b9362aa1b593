import type { MetricsSource, RangeSeries } from "./metrics-source.ts";

/** Windows that end at `start`, then every `stepSeconds`, the last at `end`. Seconds since 1970. */
export interface Windows {
  readonly start: number;
  readonly end: number;
  readonly stepSeconds: number;
}

/** Length of a window as PromQL has it. */
export function windowText(seconds: number): string {
  return `${seconds}s`;
}

/** All windows but the newest; undefined where it is the only one. */
export function beforeNewest({ start, end, stepSeconds }: Windows): Windows | undefined {
  return end - stepSeconds < start ? undefined : { start, end: end - stepSeconds, stepSeconds };
}

/**
 * The values of windows: what is recorded of them, and from `query` those that are not. Stretches in which no window is wanted
 * are not asked for.
 */
export async function completed(
  recorded: readonly RangeSeries[],
  {
    source,
    query,
    windows,
    isWanted,
  }: {
    readonly source: MetricsSource;
    readonly query: string;
    readonly windows: Windows;
    readonly isWanted: (at: number) => boolean;
  },
): Promise<readonly RangeSeries[]> {
  const known = new Set(recorded.flatMap(({ points }) => points.map(({ at }) => at)));
  const stretches = stretchesOf(windows, (at) => !known.has(at)).filter((stretch) => endsOf(stretch).some(isWanted));
  const rest = await Promise.all(stretches.map((stretch) => source.range(query, stretch)));
  return [...recorded, ...rest.flat()];
}

/** Unbroken rows of those windows that are chosen, oldest first. */
function stretchesOf(windows: Windows, isChosen: (at: number) => boolean): readonly Windows[] {
  const { stepSeconds } = windows;
  const stretches: Windows[] = [];
  for (const at of endsOf(windows).filter(isChosen)) {
    const last = stretches.at(-1);
    if (last?.end === at - stepSeconds) stretches[stretches.length - 1] = { ...last, end: at };
    else stretches.push({ start: at, end: at, stepSeconds });
  }
  return stretches;
}

function endsOf({ start, end, stepSeconds }: Windows): readonly number[] {
  return Array.from({ length: Math.floor((end - start) / stepSeconds) + 1 }, (_, index) => start + index * stepSeconds);
}
