import type { Redis } from "ioredis";
import { SharedCounter } from "./shared-counter.ts";
import { verdictOn, type LimitVerdict } from "./verdict.ts";
import { WindowCounter } from "./window-counter.ts";
import { WriteBehindCounter } from "./write-behind-counter.ts";

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
  readonly #shared: SharedCounter | undefined;
  /** With Redis, those that are open without it: nobody who browses waits for it. */
  readonly #behind = new Map<string, WriteBehindCounter>();
  /** Without Redis all; with it those that stand in for it while it is away. */
  readonly #inProcess = new Map<string, WindowCounter>();

  constructor(quotas: readonly Quota[], redis: Redis | undefined) {
    const shared = redis && new SharedCounter(redis);
    this.#shared = shared;
    for (const quota of quotas) {
      if (shared === undefined) this.#inProcess.set(quota.name, new WindowCounter(quota));
      else if (open.test(quota.name)) this.#behind.set(quota.name, new WriteBehindCounter(shared, quota));
      else this.#inProcess.set(quota.name, new WindowCounter(standIn(quota)));
    }
  }

  /**
   * Counts one: in the process at once, in Redis after a round trip or behind the verdict (`WriteBehindCounter`). Undefined
   * when the count cannot be known and the quota then lets through.
   */
  count(quota: Quota, key: string): LimitVerdict | undefined | Promise<LimitVerdict | undefined> {
    if (this.#shared === undefined) return this.#inProcess.get(quota.name)?.count(key);
    const behind = this.#behind.get(quota.name);
    if (behind !== undefined) return behind.count(nameOf(quota, key));
    return this.#shared.count(nameOf(quota, key), quota.windowSeconds * 1_000).then(
      ({ count, leftMs }) => verdictOn(count, quota.points, leftMs),
      () => this.#inProcess.get(quota.name)?.count(key),
    );
  }

  /** Takes one back that was counted for something that then did not happen. */
  giveBack(quota: Quota, key: string): Promise<void> {
    return this.#lower(
      (shared) => shared.giveBack(nameOf(quota, key)),
      () => this.#inProcess.get(quota.name)?.giveBack(key),
    );
  }

  /** Starts again at zero. */
  async clear(quota: Quota, key: string): Promise<void> {
    // What was counted while Redis was away goes too.
    this.#inProcess.get(quota.name)?.clear(key);
    await this.#lower(
      (shared) => shared.clear(nameOf(quota, key)),
      () => undefined,
    );
  }

  /** Never rejects: a count that could not be lowered only ends later. */
  async #lower(inRedis: (shared: SharedCounter) => Promise<void>, inProcess: () => void): Promise<void> {
    if (this.#shared === undefined) return inProcess();
    await inRedis(this.#shared).catch(inProcess);
  }
}

function standIn(quota: Quota): Quota {
  return { ...quota, points: Math.ceil(quota.points * shareWithoutRedis) };
}

function nameOf({ name }: Quota, key: string): string {
  return `shop:limit:${name}:${key}`;
}
