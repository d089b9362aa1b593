/** How near a peak is to what a topology can serve. */
export interface Headroom {
  readonly peakPerSecond: number;
  readonly capacityPerSecond: number;
  /** Peak ÷ capacity: 1 and more is over. */
  readonly used: number;
  /** How many times the peak would fit; 1 is just. */
  readonly factor: number;
}

/** Headroom of a peak; undefined where no capacity was measured, or it is 0: nothing is then known of it. */
export function headroom(peakPerSecond: number, capacityPerSecond: number | undefined): Headroom | undefined {
  if (capacityPerSecond === undefined || !(capacityPerSecond > 0) || !(peakPerSecond >= 0)) return undefined;
  const factor = peakPerSecond === 0 ? Infinity : capacityPerSecond / peakPerSecond;
  return { peakPerSecond, capacityPerSecond, used: peakPerSecond / capacityPerSecond, factor };
}
