import { Redis } from "ioredis";

const connectTimeoutMs = 1_000;
const longestRetryDelayMs = 1_000;
/** Handing over some hundred mails takes milliseconds; a Redis that stalls must not hold a transaction open. */
const commandTimeoutMs = 3_000;

const reconnecting = {
  connectTimeout: connectTimeoutMs,
  retryStrategy: (attempt: number) => Math.min(attempt * 100, longestRetryDelayMs),
};

/** Connection of a BullMQ worker: it blocks while nothing is to be done, and waits for a Redis that is away. */
export function connectWorker(url: string): Redis {
  return new Redis(url, { ...reconnecting, maxRetriesPerRequest: null });
}

/** Connection of whoever hands over: fails at once while Redis is away. */
export function connectRelay(url: string): Redis {
  return new Redis(url, {
    ...reconnecting,
    enableOfflineQueue: false,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 0,
  });
}
