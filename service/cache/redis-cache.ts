import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import type { Cache, Reservation } from "./cache.ts";

const prefix = "shop:cache:";
/** A value under reservation starts with this; JSON never does. */
const reservationMark = "\u0000";
/** Longer than any load may take; after it others may reserve. */
const reservationMs = 10_000;
/** After an error Redis is left alone for this long, so that a stalled one costs one timeout and not one a request. */
const pauseMs = 1_000;
/** Removals kept for when Redis is back; beyond this the whole cache is dropped instead. */
const maxPendingRemovals = 5_000;

/** Stores only when the reservation still stands: a removal in between has deleted it. */
const fillScript = `if redis.call('get', KEYS[1]) == ARGV[1] then
  return redis.call('set', KEYS[1], ARGV[2], 'EX', ARGV[3]) end return false`;

/** Cache that all processes share. While Redis is away it holds nothing, and nothing fails. */
export class RedisCache implements Cache {
  readonly shared = true;
  readonly bytes = 0;
  readonly #redis: Redis;
  readonly #pending = new Set<string>();
  /** Beginnings of keys whose removal could not be done. */
  readonly #pendingStarts = new Set<string>();
  #pausedUntil = 0;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async get(key: string): Promise<string | undefined> {
    const value = await this.#attempt(async (redis) => {
      await this.#flushPending(redis);
      return redis.get(prefix + key);
    });
    return value === undefined || value === null || value.startsWith(reservationMark) ? undefined : value;
  }

  async reserve(key: string): Promise<Reservation | undefined> {
    const token = reservationMark + randomBytes(9).toString("base64url");
    const reserved = await this.#attempt((redis) => redis.set(prefix + key, token, "PX", reservationMs, "NX"));
    return reserved === "OK" ? { key, token } : undefined;
  }

  async fill({ key, token }: Reservation, value: string, ttlSeconds: number): Promise<void> {
    await this.#attempt((redis) => redis.eval(fillScript, 1, prefix + key, token, value, ttlSeconds));
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const names = keys.map((key) => prefix + key);
    const removed = await this.#attempt((redis) => redis.unlink(...names));
    if (removed === undefined) for (const name of names) this.#pending.add(name);
  }

  /** SCAN gives every key that is there from its beginning to its end, and later reservations read what is new. */
  async removeAll(start: string): Promise<void> {
    const removed = await this.#attempt((redis) => unlinkAll(redis, prefix + start));
    if (removed === undefined) this.#pendingStarts.add(prefix + start);
  }

  /** Reservations go too, so that what is being loaded now is not stored. */
  async clear(): Promise<void> {
    await unlinkAll(this.#redis, prefix);
  }

  async close(): Promise<void> {
    await this.#redis.quit().catch(() => this.#redis.disconnect());
  }

  /** What could not be removed during an outage must not be given after it. */
  async #flushPending(redis: Redis): Promise<void> {
    if (this.#pending.size === 0 && this.#pendingStarts.size === 0) return;
    const names = [...this.#pending];
    const starts = names.length > maxPendingRemovals ? [prefix] : [...this.#pendingStarts];
    for (const start of starts) await unlinkAll(redis, start);
    if (names.length > 0 && names.length <= maxPendingRemovals) await redis.unlink(...names);
    for (const name of names) this.#pending.delete(name);
    for (const start of starts) this.#pendingStarts.delete(start);
  }

  async #attempt<T>(work: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    if (this.#redis.status !== "ready" || performance.now() < this.#pausedUntil) return undefined;
    try {
      return await work(this.#redis);
    } catch {
      this.#pausedUntil = performance.now() + pauseMs;
      return undefined;
    }
  }
}

async function unlinkAll(redis: Redis, start: string): Promise<true> {
  for await (const names of redis.scanStream({ match: `${start}*`, count: 1_000 })) {
    if (names.length > 0) await redis.unlink(...names);
  }
  return true;
}
