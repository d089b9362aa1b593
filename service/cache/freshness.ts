/** How long a process gives an answer that it holds, counted from when it was loaded. */
export interface Freshness {
  /** Given without asking anybody. */
  readonly freshMs: number;
  /** After that: given while it is loaded again behind it. */
  readonly staleMs: number;
  /** Given up to this age when it cannot be loaded. */
  readonly onErrorMs: number;
}

/**
 * A write in this process forgets its answers at once. With Redis the other processes hear of it within milliseconds,
 * and these times bound what happens when a message is lost. Without Redis they hear nothing, so that these times are
 * how long another process's order may leave a stock out of date.
 */
const withRedis: Freshness = { freshMs: 5_000, staleMs: 5_000, onErrorMs: 600_000 };
const alone: Freshness = { freshMs: 15_000, staleMs: 15_000, onErrorMs: 600_000 };

export function freshness(shared: boolean): Freshness {
  return shared ? withRedis : alone;
}
