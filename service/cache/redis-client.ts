import { Redis } from "ioredis";

/** A healthy Redis answers in under a millisecond; one that stalls must not stall the shop. */
const commandTimeoutMs = 300;
const connectTimeoutMs = 1_000;
const longestRetryDelayMs = 1_000;

/** A connection that fails at once while Redis is away, and comes back by itself. */
export function connectRedis(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    // What is asked in one turn of the event loop leaves in one write: under load most of Redis' price is the writes.
    enableAutoPipelining: true,
    // The limits gather their counts themselves.
    autoPipeliningIgnoredCommands: ["eval"],
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, longestRetryDelayMs),
  });
  redis.on("error", onError);
  return redis;
}
