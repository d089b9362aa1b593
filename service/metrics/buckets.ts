/** Seconds, up to and a little past the objective of two; 50 ms is a threshold of the advice. */
export const requestBuckets = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];

/** Seconds that a request waits for a connection. */
export const waitBuckets = [0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];
