import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";

/** So many times in so many seconds. */
export interface Quota {
  /** Unique; names its counters. */
  readonly name: string;
  readonly points: number;
  readonly windowSeconds: number;
}

/** What is left of a quota for one key. */
export interface LimitVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the window ends, rounded up. */
  readonly resetSeconds: number;
}

/** Browsing goes on without a limit while Redis is away; everything that guards accounts stays in force. */
const open = /^(search|api)(-|$)/;
/** Without Redis each process counts alone, so that each takes only this share of the limit. */
const shareWithoutRedis = 0.5;

/** Counts against quotas, in the process or, with Redis, over all processes. */
export class Limiter {
  readonly #limiters: ReadonlyMap<string, RateLimiterAbstract>;

  constructor(quotas: readonly Quota[], redis: Redis | undefined) {
    this.#limiters = new Map(quotas.map((quota) => [quota.name, createLimiter(quota, redis)]));
  }

  /** Counts one. Undefined when the count cannot be known and the quota then lets through. */
  async count(quota: Quota, key: string): Promise<LimitVerdict | undefined> {
    try {
      const result = await this.#limiters.get(quota.name)?.consume(key);
      return result === undefined ? undefined : verdict(true, result);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return verdict(false, refusal);
      return undefined;
    }
  }

  /** Takes one back that was counted for something that then did not happen. */
  async giveBack(quota: Quota, key: string): Promise<void> {
    await this.#limiters.get(quota.name)?.reward(key).catch(ignored);
  }

  /** Starts again at zero. */
  async clear(quota: Quota, key: string): Promise<void> {
    await this.#limiters.get(quota.name)?.delete(key).catch(ignored);
  }
}

/** A count that could not be lowered only ends later. */
function ignored(): undefined {
  return undefined;
}

function createLimiter(quota: Quota, redis: Redis | undefined): RateLimiterAbstract {
  const options = { keyPrefix: `shop:limit:${quota.name}`, points: quota.points, duration: quota.windowSeconds };
  if (redis === undefined) return new RateLimiterMemory(options);
  const insurance = open.test(quota.name)
    ? {}
    : { insuranceLimiter: new RateLimiterMemory({ ...options, points: Math.ceil(quota.points * shareWithoutRedis) }) };
  return new RateLimiterRedis({ ...options, ...insurance, storeClient: redis, rejectIfRedisNotReady: true });
}

function verdict(allowed: boolean, result: RateLimiterRes): LimitVerdict {
  return {
    allowed,
    remaining: Math.max(0, result.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1_000)),
  };
}
