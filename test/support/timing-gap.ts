/** One request of a pair; gives what a client can see of the answer, which must not differ. */
export type Probe = (round: number) => Promise<string>;

export interface TimingGap {
  /** Everything that was seen of answers; one entry when nothing tells the two apart. */
  readonly seen: ReadonlySet<string>;
  /** Difference of the medians, as a share of the larger. */
  readonly gap: number;
}

/** The machine is noisy, and a median over few pairs wanders: one that looks wide is looked at longer before it counts. */
const attempts = 3;

/**
 * Times two kinds of requests in turn, the first of each pair by turns too, so that whatever slows the machine slows
 * both. `pairs` more are taken, up to three times, while the gap is not below `enough`; all of them count.
 */
export async function measureTimingGap(
  [one, other]: readonly [Probe, Probe],
  { pairs, enough }: { readonly pairs: number; readonly enough: number },
): Promise<TimingGap> {
  const seen = new Set<string>();
  const times: readonly [number[], number[]] = [[], []];
  const time = async (side: 0 | 1, round: number): Promise<void> => {
    const startedAt = performance.now();
    seen.add(await (side === 0 ? one : other)(round));
    times[side].push(performance.now() - startedAt);
  };
  let gap = Number.POSITIVE_INFINITY;
  for (let round = 0; round < pairs * attempts; round += 1) {
    const first = round % 2 === 0 ? 0 : 1;
    await time(first, round);
    await time(first === 0 ? 1 : 0, round);
    if ((round + 1) % pairs !== 0) continue;
    gap = gapOf(median(times[0]), median(times[1]));
    if (gap < enough) break;
  }
  return { seen, gap };
}

function gapOf(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(a, b);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
