import type { Turn } from "./measure.ts";

/** Shop over floor, turn by turn. */
export interface Ratios {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Each turn of the shop is compared with the turn of the floor right before it, so that what changes slowly meets both. Two turns
 * of the same server may still differ by two, one second to the next: only the middle of many says something. Undefined where a
 * turn has no such rate.
 */
export function ratiosOf(
  turns: { readonly floor: readonly Turn[]; readonly service: readonly Turn[] },
  rateOf: (turn: Turn) => number | undefined,
): Ratios | undefined {
  const ratios: number[] = [];
  for (const [index, turn] of turns.service.entries()) {
    const [rate, floorRate] = [rateOf(turn), turns.floor[index] && rateOf(turns.floor[index])];
    if (rate === undefined || floorRate === undefined) return undefined;
    ratios.push(rate / floorRate);
  }
  ratios.sort((a, b) => a - b);
  const [lowest, median, highest] = [0, Math.floor(ratios.length / 2), -1].map((index) => ratios.at(index));
  if (lowest === undefined || median === undefined || highest === undefined) return undefined;
  return { median, lowest, highest };
}
