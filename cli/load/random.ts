/** A seeded source of uniform numbers in [0, 1): equal seeds give equal traffic. */
export type Random = () => number;

/** Mulberry32: 32 bits of state, fast and even enough for arrivals and choices; never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Milliseconds to the next arrival of a Poisson process. */
export function nextArrivalMs(random: Random, ratePerSecond: number): number {
  return (-Math.log(1 - random()) / ratePerSecond) * 1_000;
}

/** Whole number in [0, below). */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** Draws an index with the chance of its weight: a search in the running sums. */
export function weightedIndex(weights: readonly number[]): (random: Random) => number {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (const [index, weight] of weights.entries()) sums[index] = sum += weight;
  return (random) => {
    const drawn = random() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Draws a rank from 0 by Zipf's law with exponent 1: rank r has the weight 1 / (r + 1). */
export function zipfRank(ranks: number): (random: Random) => number {
  return weightedIndex(Array.from({ length: ranks }, (_, rank) => 1 / (rank + 1)));
}
