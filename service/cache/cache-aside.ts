import { figures } from "../contract/figures.ts";
import type { Cache } from "./cache.ts";
import type { CacheName } from "./cache-names.ts";
import { CachedAnswer } from "./cached-answer.ts";

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

  /** As `read`, for JSON text that is an answer's body: with it comes what HTTP needs. */
  async answer(
    name: CacheName,
    key: string,
    load: () => Promise<string | undefined>,
  ): Promise<CachedAnswer | undefined> {
    const text = await this.read(name, key, load);
    return text === undefined ? undefined : new CachedAnswer(name, text);
  }

  /** Forgets entries; loads that began before are not stored and not shared any more. */
  async forget(name: CacheName, keys: readonly string[]): Promise<void> {
    const fullKeys = keys.map((key) => `${name}:${key}`);
    for (const key of fullKeys) this.#loading.delete(key);
    await this.#cache.remove(fullKeys);
  }

  /** As `forget`, for every entry of one cache: after a write to the catalogue no list and no search is as before. */
  async forgetAll(name: CacheName): Promise<void> {
    const start = `${name}:`;
    for (const key of this.#loading.keys()) if (key.startsWith(start)) this.#loading.delete(key);
    await this.#cache.removeAll(start);
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
