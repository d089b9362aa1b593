import { randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import type { Cache, Removal, Reservation } from "./cache.ts";

const prefix = "shop:cache:";
/** A value under reservation starts with this; JSON never does. */
const reservationMark = "\u0000";
/** Every removal is told here, as a `Removal` in JSON, so that no process keeps in its memory what is gone. */
const removedChannel = "shop:cache-removed";
/** Longer than any load may take; after it others may reserve. */
const reservationMs = 10_000;
/** After an error Redis is left alone for this long, so that a stalled one costs one timeout and not one a request. */
const pauseMs = 1_000;
/** Removals kept for when Redis is back; beyond this the whole cache is dropped instead. */
const maxPendingRemovals = 5_000;

/** Stores only when the reservation still stands: a removal in between has deleted it. */
const fillScript = `if redis.call('get', KEYS[1]) == ARGV[1] then
  return redis.call('set', KEYS[1], ARGV[2], 'EX', ARGV[3]) end return false`;

const releaseScript = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('unlink', KEYS[1]) end return false`;

/** Cache that all processes share. While Redis is away it holds nothing, and nothing fails. */
export class RedisCache implements Cache {
  readonly shared = true;
  readonly bytes = 0;
  readonly #redis: Redis;
  readonly #pending = new Set<string>();
  /** Beginnings of keys whose removal could not be done. */
  readonly #pendingStarts = new Set<string>();
  #pausedUntil = 0;
  #catchUp: NodeJS.Timeout | undefined;

  #listener: Redis | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** On a connection of its own. When that comes back messages were missed, so everything counts as removed. */
  onRemoved(heard: (removed: Removal | undefined) => void): void {
    const listener = this.#redis.duplicate();
    this.#listener = listener;
    // The other connection says so.
    listener.on("error", () => undefined);
    listener.on("message", (_channel, text: string) => heard(JSON.parse(text) as Removal));
    listener.on("ready", () => {
      listener.subscribe(removedChannel).then(
        () => heard(undefined),
        () => listener.disconnect(true),
      );
    });
  }

  async get(key: string): Promise<string | undefined> {
    const value = await this.#attempt(async (redis) => {
      await this.#flushPending(redis);
      return redis.get(prefix + key);
    });
    return value === undefined || value === null || value.startsWith(reservationMark) ? undefined : value;
  }

  async reserve(key: string): Promise<Reservation | "taken" | undefined> {
    const token = reservationMark + randomBytes(9).toString("base64url");
    const reserved = await this.#attempt((redis) => redis.set(prefix + key, token, "PX", reservationMs, "NX"));
    if (reserved === null) return "taken";
    return reserved === "OK" ? { key, token } : undefined;
  }

  async fill({ key, token }: Reservation, value: string, ttlSeconds: number): Promise<void> {
    await this.#attempt((redis) => redis.eval(fillScript, 1, prefix + key, token, value, ttlSeconds));
  }

  async release({ key, token }: Reservation): Promise<void> {
    await this.#attempt((redis) => redis.eval(releaseScript, 1, prefix + key, token));
  }

  async remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const names = keys.map((key) => prefix + key);
    const removed = await this.#attempt((redis) => remove(redis, names, { keys, starts: [] }));
    if (removed !== undefined) return;
    for (const name of names) this.#pending.add(name);
    this.#catchUpLater();
  }

  /** SCAN gives every key that is there from its beginning to its end, and later reservations read what is new. */
  async removeAll(start: string): Promise<void> {
    const removed = await this.#attempt((redis) => unlinkAll(redis, start));
    if (removed !== undefined) return;
    this.#pendingStarts.add(start);
    this.#catchUpLater();
  }

  /** Reservations go too, so that what is being loaded now is not stored. */
  async clear(): Promise<void> {
    await unlinkAll(this.#redis, "");
  }

  async close(): Promise<void> {
    clearTimeout(this.#catchUp);
    this.#listener?.disconnect();
    // Its last chance, whatever it paused for: nobody else knows of them, and others would give these values for as long as they keep.
    if (this.#redis.status === "ready") await this.#flushPending(this.#redis).catch(() => undefined);
    await this.#redis.quit().catch(() => this.#redis.disconnect());
  }

  /** Reads that this process answers by itself do not come by here, so that removals cannot wait for one. */
  #catchUpLater(): void {
    this.#catchUp ??= setTimeout(() => void this.#tryCatchingUp(), pauseMs).unref();
  }

  async #tryCatchingUp(): Promise<void> {
    this.#catchUp = undefined;
    const done = await this.#attempt((redis) => this.#flushPending(redis).then(() => true));
    if (done === undefined) this.#catchUpLater();
  }

  /** What could not be removed during an outage must not be given after it. */
  async #flushPending(redis: Redis): Promise<void> {
    if (this.#pending.size === 0 && this.#pendingStarts.size === 0) return;
    const names = [...this.#pending];
    const starts = names.length > maxPendingRemovals ? [""] : [...this.#pendingStarts];
    for (const start of starts) await unlinkAll(redis, start);
    if (names.length > 0 && names.length <= maxPendingRemovals) {
      await remove(redis, names, { keys: names.map((name) => name.slice(prefix.length)), starts: [] });
    }
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

/** Told after it is done, in one round trip. */
async function remove(redis: Redis, names: readonly string[], removal: Removal): Promise<true> {
  const results = await redis
    .pipeline()
    .unlink(...names)
    .publish(removedChannel, JSON.stringify(removal))
    .exec();
  const failed = results?.find(([error]) => error !== null)?.[0];
  if (failed !== undefined && failed !== null) throw failed;
  return true;
}

async function unlinkAll(redis: Redis, start: string): Promise<true> {
  for await (const names of redis.scanStream({ match: `${prefix}${start}*`, count: 1_000 })) {
    if (names.length > 0) await redis.unlink(...names);
  }
  await redis.publish(removedChannel, JSON.stringify({ keys: [], starts: [start] } satisfies Removal));
  return true;
}
