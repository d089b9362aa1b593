/** What is left of a quota for one key. */
export interface LimitVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the window ends, rounded up. */
  readonly resetSeconds: number;
}

/** The verdict on the last of `count` in a window of `points` that lasts `leftMs` more. */
export function verdictOn(count: number, points: number, leftMs: number): LimitVerdict {
  return {
    allowed: count <= points,
    remaining: Math.max(0, points - count),
    resetSeconds: Math.max(1, Math.ceil(leftMs / 1_000)),
  };
}
