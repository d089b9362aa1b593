/** One request of a pair; gives what a client can see of the answer, which must not differ. */
export type Probe = (round: number) => Promise<string>;

export interface TimingGap {
  /** Everything that was seen of answers; one entry when nothing tells the two apart. */
  readonly seen: ReadonlySet<string>;
  /** Median of the differences within pairs, as a share of the median time. */
  readonly gap: number;
}

/** The machine is noisy, and a median over few pairs wanders: one that looks wide is looked at longer before it counts. */
const attempts = 4;

/**
 * Times two kinds of requests in turn, the first of each pair by turns too, so that whatever slows the machine slows
 * both. `pairs` more are taken, up to four times, while the gap is not below `enough`; all of them count.
 */
export async function measureTimingGap(
  [one, other]: readonly [Probe, Probe],
  { pairs, enough }: { readonly pairs: number; readonly enough: number },
): Promise<TimingGap> {
  const seen = new Set<string>();
  const times: number[] = [];
  const differences: number[] = [];
  const time = async (probe: Probe, round: number): Promise<number> => {
    const startedAt = performance.now();
    seen.add(await probe(round));
    return performance.now() - startedAt;
  };
  let gap = Number.POSITIVE_INFINITY;
  for (let round = 0; round < pairs * attempts; round += 1) {
    const isOneFirst = round % 2 === 0;
    const first = await time(isOneFirst ? one : other, round);
    const second = await time(isOneFirst ? other : one, round);
    times.push(first, second);
    differences.push(isOneFirst ? first - second : second - first);
    if ((round + 1) % pairs !== 0) continue;
    gap = Math.abs(median(differences)) / median(times);
    if (gap < enough) break;
  }
  return { seen, gap };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
