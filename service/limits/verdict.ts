/** What is left of a quota for one key. */
export interface LimitVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the window ends, rounded up. */
  readonly resetSeconds: number;
}
