/** Time for requests in flight after the drain: the longest that a mail, a statement and a wait for the pool may take. */
export const inFlightTimeoutMs = 20_000;
