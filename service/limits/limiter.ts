import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";
import type { LimitRuleName } from "../contract/figures.ts";
import type { LimitRule } from "./rules.ts";

/** What is left of a rule for one address. */
export interface LimitVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Seconds until the window ends, rounded up. */
  readonly resetSeconds: number;
}

/** Rules that guard accounts stay in force while Redis is away; browsing goes on without a limit. */
const failSafe: ReadonlySet<LimitRuleName> = new Set(["login", "registration"]);
/** Without Redis each process counts alone, so that each takes only this share of the limit. */
const shareWithoutRedis = 0.5;

/** Counts requests against the rules, in the process or, with Redis, over all processes. */
export class Limiter {
  readonly #limiters: ReadonlyMap<LimitRuleName, RateLimiterAbstract>;

  constructor(rules: readonly LimitRule[], redis: Redis | undefined) {
    this.#limiters = new Map(rules.map((rule) => [rule.name, createLimiter(rule, redis)]));
  }

  /** Counts one request. Undefined when the count cannot be known and the rule then lets through. */
  async count(rule: LimitRule, address: string): Promise<LimitVerdict | undefined> {
    try {
      const result = await this.#limiters.get(rule.name)?.consume(address);
      return result === undefined ? undefined : verdict(true, result);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return verdict(false, refusal);
      return undefined;
    }
  }
}

function createLimiter(rule: LimitRule, redis: Redis | undefined): RateLimiterAbstract {
  const options = { keyPrefix: `shop:limit:${rule.name}`, points: rule.points, duration: rule.windowSeconds };
  if (redis === undefined) return new RateLimiterMemory(options);
  const insurance = failSafe.has(rule.name)
    ? { insuranceLimiter: new RateLimiterMemory({ ...options, points: Math.ceil(rule.points * shareWithoutRedis) }) }
    : {};
  return new RateLimiterRedis({ ...options, ...insurance, storeClient: redis, rejectIfRedisNotReady: true });
}

function verdict(allowed: boolean, result: RateLimiterRes): LimitVerdict {
  return {
    allowed,
    remaining: Math.max(0, result.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1_000)),
  };
}
