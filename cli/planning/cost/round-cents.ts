/** Money in whole cents: sums of floating-point prices must not show their tails. */
export function roundCents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
