/** What is asked of a rate. */
export interface LoadObjectives {
  readonly p95Ms: number;
  /** Failed requests that are allowed. */
  readonly failures: number;
}

/**
 * A queue that grew by more than this share of what was sent does not end. It is small because what queues first is what
 * costs most: seven of a hundred requests are logins, and they take two thirds of the processor.
 */
const growingShare = 0.01;
/** Fast refusals would pass for capacity. */
const refusedShare = 0.05;
/** A driver that is this late measures itself. */
const lateMs = 250;

/** Which objective a measured rate broke, in words; null when it kept all. */
export function breachOf(
  seen: {
    readonly sent: number;
    readonly failures: number;
    readonly refused: number;
    readonly p95Ms: number;
    readonly queueGrowth: number;
  },
  { p95Ms, failures }: LoadObjectives,
): string | null {
  if (seen.failures > failures) return `${seen.failures} requests failed`;
  if (seen.p95Ms > p95Ms) return `p95 ${Math.round(seen.p95Ms)} ms over ${p95Ms} ms`;
  if (seen.queueGrowth > Math.max(8, seen.sent * growingShare)) {
    return `the queue grew by ${seen.queueGrowth} of ${seen.sent} requests`;
  }
  if (seen.refused > seen.sent * refusedShare)
    return `${seen.refused} of ${seen.sent} requests were refused by a limit`;
  return null;
}

/** Whether the driver could not send in time. */
export function driverIsLate(driverLagMs: number): boolean {
  return driverLagMs > lateMs;
}
