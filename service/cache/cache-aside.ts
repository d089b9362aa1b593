import { figures } from "../contract/figures.ts";
import type { Cache } from "./cache.ts";

/** Caches of the shop, by what they hold. */
export const cacheNames = ["product", "product-list", "search", "category", "session"] as const;
export type CacheName = (typeof cacheNames)[number];

const { product, session } = figures.cache.ttlSeconds;
const ttlSeconds: Record<CacheName, number> = {
  product,
  "product-list": product,
  search: product,
  category: product,
  session,
};

/** Reads through a cache: equal loads that run at once in this process are one load. */
export class CacheAside {
  readonly #cache: Cache;
  readonly #onLookup: (name: CacheName, hit: boolean) => void;
  readonly #loading = new Map<string, Promise<string | undefined>>();

  constructor(cache: Cache, onLookup: (name: CacheName, hit: boolean) => void) {
    this.#cache = cache;
    this.#onLookup = onLookup;
  }

  get shared(): boolean {
    return this.#cache.shared;
  }

  get bytes(): number {
    return this.#cache.bytes;
  }

  /** Text under `key`, loaded when it is not cached. Undefined answers of `load` are not cached. */
  async read(name: CacheName, key: string, load: () => Promise<string | undefined>): Promise<string | undefined> {
    const fullKey = `${name}:${key}`;
    const cached = await this.#cache.get(fullKey);
    this.#onLookup(name, cached !== undefined);
    if (cached !== undefined) return cached;
    const running = this.#loading.get(fullKey);
    if (running !== undefined) return running;
    const loading = this.#load(fullKey, ttlSeconds[name], load).finally(() => {
      if (this.#loading.get(fullKey) === loading) this.#loading.delete(fullKey);
    });
    this.#loading.set(fullKey, loading);
    return loading;
  }

  /** Forgets entries; loads that began before are not stored and not shared any more. */
  async forget(name: CacheName, keys: readonly string[]): Promise<void> {
    const fullKeys = keys.map((key) => `${name}:${key}`);
    for (const key of fullKeys) this.#loading.delete(key);
    await this.#cache.remove(fullKeys);
  }

  /** Forgets every entry of some caches, as `forget` does. */
  async forgetAll(names: readonly CacheName[]): Promise<void> {
    const prefixes = names.map((name) => `${name}:`);
    for (const key of this.#loading.keys()) {
      if (prefixes.some((prefix) => key.startsWith(prefix))) this.#loading.delete(key);
    }
    await this.#cache.removeAll(prefixes);
  }

  /** Forgets everything, also what is being loaded; throws when the cache does not answer. */
  async clear(): Promise<void> {
    this.#loading.clear();
    await this.#cache.clear();
  }

  close(): Promise<void> {
    return this.#cache.close();
  }

  async #load(key: string, ttl: number, load: () => Promise<string | undefined>): Promise<string | undefined> {
    const reservation = await this.#cache.reserve(key);
    const value = await load();
    if (value !== undefined && reservation !== undefined) await this.#cache.fill(reservation, value, ttl);
    return value;
  }
}
