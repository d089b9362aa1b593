/** What a rate turned out to be. */
export interface TriedRate {
  readonly ratePerSecond: number;
  readonly kept: boolean;
}

export interface KneeBounds {
  readonly firstRate: number;
  readonly mostRate: number;
  readonly mostTries: number;
}

/** Growth between two rates while all were kept, and the width in which the knee is known well enough. */
const growth = 1.4;
const closeEnough = 1.09;

/**
 * The next rate to try, or undefined when the search is over: up by two fifths while the objectives are kept, down by the
 * same where even the first is not, then halves of what is between the best kept rate and the lowest broken one.
 */
export function nextRate(tried: readonly TriedRate[], bounds: KneeBounds): number | undefined {
  const { firstRate, mostRate, mostTries } = bounds;
  if (tried.length >= mostTries) return undefined;
  if (tried.length === 0) return Math.min(firstRate, mostRate);
  const kept = bestKept(tried);
  const broken = Math.min(...tried.filter((one) => !one.kept).map(({ ratePerSecond }) => ratePerSecond));
  if (broken === Infinity) return kept >= mostRate ? undefined : Math.min(mostRate, round(kept * growth));
  if (kept === 0) return broken <= 1 ? undefined : Math.max(1, round(broken / growth ** 2));
  if (broken / kept <= closeEnough) return undefined;
  const middle = round(Math.sqrt(kept * broken));
  return middle > kept && middle < broken ? middle : undefined;
}

/** The highest rate that was kept and is below every broken one; 0 without one. */
export function bestKept(tried: readonly TriedRate[]): number {
  const broken = Math.min(...tried.filter(({ kept }) => !kept).map(({ ratePerSecond }) => ratePerSecond));
  return Math.max(0, ...tried.flatMap(({ kept, ratePerSecond: rate }) => (kept && rate < broken ? [rate] : [])));
}

function round(rate: number): number {
  return Math.round(rate * 10) / 10;
}
