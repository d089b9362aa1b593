/** Longest wait between two tries. */
const longestDelayMs = 3_600_000;

/**
 * Wait before the next try of a mail whose `attempt` (1 for the first) has failed: it doubles from `baseMs` on, with up
 * to a quarter more, so that mails that failed together do not come back together. `random` is in 0..1.
 */
export function retryDelayMs(attempt: number, baseMs: number, random: number): number {
  const doubled = Math.min(baseMs * 2 ** (attempt - 1), longestDelayMs);
  return Math.round(doubled * (1 + random / 4));
}
