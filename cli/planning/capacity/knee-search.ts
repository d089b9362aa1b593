/** What one measurement of a rate turned out to be. */
export interface TriedRate {
  readonly ratePerSecond: number;
  readonly kept: boolean;
}

export interface KneeBounds {
  readonly firstRate: number;
  readonly mostRate: number;
  /** Different rates; one that breaks is tried once more beside them. */
  readonly mostTries: number;
}

/** The next measurement. */
export interface NextTry {
  readonly ratePerSecond: number;
  /** Whether the knee is near, so that a longer look is worth its time: a stall of a second is then a small part of it. */
  readonly isNear: boolean;
}

/** Growth between two rates while all were kept, and the width in which the knee is known well enough. */
const growth = 1.4;
const closeEnough = 1.04;

/**
 * The next rate to try, or undefined when the search is over: up by two fifths while the objectives are kept, down by the
 * same where even the first is not, then halves of what is between the best kept rate and the lowest broken one. A rate that
 * broke an objective is tried once more before it counts as broken.
 */
export function nextTry(tried: readonly TriedRate[], bounds: KneeBounds): NextTry | undefined {
  const last = tried.at(-1);
  if (last !== undefined && isOpen(last.ratePerSecond, tried)) {
    return { ratePerSecond: last.ratePerSecond, isNear: true };
  }
  const rates = verdicts(tried);
  const ratePerSecond = nextRate(rates, bounds);
  if (ratePerSecond === undefined) return undefined;
  return { ratePerSecond, isNear: rates.some(({ kept }) => !kept) };
}

/** The highest rate that was kept and is below every broken one; 0 without one. */
export function bestKept(tried: readonly TriedRate[]): number {
  const rates = verdicts(tried);
  const broken = lowestBroken(rates);
  return Math.max(0, ...rates.flatMap(({ kept, ratePerSecond: rate }) => (kept && rate < broken ? [rate] : [])));
}

/** Broken once, and not tried again yet. */
function isOpen(rate: number, tried: readonly TriedRate[]): boolean {
  const ofRate = tried.filter(({ ratePerSecond }) => ratePerSecond === rate);
  return ofRate.length === 1 && ofRate.every(({ kept }) => !kept);
}

/** One verdict for each rate: it is kept when it was kept at one of its measurements. */
function verdicts(tried: readonly TriedRate[]): readonly TriedRate[] {
  const byRate = Map.groupBy(tried, ({ ratePerSecond }) => ratePerSecond);
  return [...byRate].map(([ratePerSecond, ofRate]) => ({ ratePerSecond, kept: ofRate.some(({ kept }) => kept) }));
}

function nextRate(rates: readonly TriedRate[], { firstRate, mostRate, mostTries }: KneeBounds): number | undefined {
  if (rates.length >= mostTries) return undefined;
  if (rates.length === 0) return Math.min(firstRate, mostRate);
  const kept = bestKept(rates);
  const broken = lowestBroken(rates);
  if (broken === Infinity) return kept >= mostRate ? undefined : Math.min(mostRate, round(kept * growth));
  if (kept === 0) return broken <= 1 ? undefined : Math.max(1, round(broken / growth ** 2));
  if (broken / kept <= closeEnough) return undefined;
  const middle = round(Math.sqrt(kept * broken));
  return middle > kept && middle < broken ? middle : undefined;
}

function lowestBroken(rates: readonly TriedRate[]): number {
  return Math.min(...rates.filter(({ kept }) => !kept).map(({ ratePerSecond }) => ratePerSecond));
}

function round(rate: number): number {
  return Math.round(rate * 10) / 10;
}
