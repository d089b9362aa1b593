import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";
import type { LimitVerdict } from "./verdict.ts";
import { WindowCounter } from "./window-counter.ts";

/** So many times in so many seconds. */
export interface Quota {
  /** Unique; names its counters. */
  readonly name: string;
  readonly points: number;
  readonly windowSeconds: number;
}

/** Browsing goes on without a limit while Redis is away; everything that guards accounts stays in force. */
const open = /^(search|api)(-|$)/;
/** Without Redis each process counts alone, so that each takes only this share of the limit. */
const shareWithoutRedis = 0.5;

/** Counts against quotas, in the process or, with Redis, over all processes. */
export class Limiter {
  readonly #inProcess: ReadonlyMap<string, WindowCounter>;
  readonly #inRedis: ReadonlyMap<string, RateLimiterAbstract>;

  constructor(quotas: readonly Quota[], redis: Redis | undefined) {
    this.#inProcess = new Map(redis === undefined ? quotas.map((quota) => [quota.name, new WindowCounter(quota)]) : []);
    this.#inRedis = new Map(
      redis === undefined ? [] : quotas.map((quota) => [quota.name, createLimiter(quota, redis)]),
    );
  }

  /**
   * Counts one: in the process at once, in Redis after a round trip. Undefined when the count cannot be known and the
   * quota then lets through.
   */
  count(quota: Quota, key: string): LimitVerdict | undefined | Promise<LimitVerdict | undefined> {
    return this.#inProcess.get(quota.name)?.count(key) ?? this.#countInRedis(quota, key);
  }

  /** Takes one back that was counted for something that then did not happen. */
  async giveBack(quota: Quota, key: string): Promise<void> {
    this.#inProcess.get(quota.name)?.giveBack(key);
    await this.#inRedis.get(quota.name)?.reward(key).catch(ignored);
  }

  /** Starts again at zero. */
  async clear(quota: Quota, key: string): Promise<void> {
    this.#inProcess.get(quota.name)?.clear(key);
    await this.#inRedis.get(quota.name)?.delete(key).catch(ignored);
  }

  async #countInRedis(quota: Quota, key: string): Promise<LimitVerdict | undefined> {
    try {
      const result = await this.#inRedis.get(quota.name)?.consume(key);
      return result === undefined ? undefined : verdict(true, result);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return verdict(false, refusal);
      return undefined;
    }
  }
}

/** A count that could not be lowered only ends later. */
function ignored(): undefined {
  return undefined;
}

function createLimiter(quota: Quota, redis: Redis): RateLimiterAbstract {
  const options = { keyPrefix: `shop:limit:${quota.name}`, points: quota.points, duration: quota.windowSeconds };
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
