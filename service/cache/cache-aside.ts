import { figures } from "../contract/figures.ts";
import { AnswerMemory } from "./answer-memory.ts";
import type { Cache, Removal } from "./cache.ts";
import { CachedAnswer } from "./cached-answer.ts";
import type { CacheName } from "./cache-names.ts";
import { freshness } from "./freshness.ts";
import { loadThrough, type Load } from "./load-through.ts";

const { product, session } = figures.cache.ttlSeconds;
const ttlSeconds: Record<CacheName, number> = {
  product,
  "product-list": product,
  search: product,
  category: product,
  session,
};

export interface CacheAsideOptions {
  /** Memory for answers in this process, in bytes. */
  readonly answerBytes: number;
  readonly now: () => number;
}

/** A load that others wait for too. Let go of when it has ended, because the map's old tables would keep it (`InFlight`). */
interface Loading {
  promise: Promise<unknown> | undefined;
}

/** Reads through a cache: equal loads that run at once are one load, in this process and, with Redis, in all of them. */
export class CacheAside {
  readonly #cache: Cache;
  readonly #onLookup: (name: CacheName, hit: boolean) => void;
  readonly #answers: AnswerMemory;
  readonly #now: () => number;
  readonly #loading = new Map<string, Loading>();

  constructor(
    cache: Cache,
    onLookup: (name: CacheName, hit: boolean) => void,
    { answerBytes, now }: CacheAsideOptions = { answerBytes: 1_000_000, now: Date.now },
  ) {
    this.#cache = cache;
    this.#onLookup = onLookup;
    this.#answers = new AnswerMemory(answerBytes);
    this.#now = now;
    cache.onRemoved((removed) => this.#drop(removed ?? { keys: [], starts: [""] }));
  }

  get shared(): boolean {
    return this.#cache.shared;
  }

  get bytes(): number {
    return this.#cache.bytes + this.#answers.bytes;
  }

  /** Text under `key`, loaded when it is not cached, and cached for `atMostSeconds`. Undefined answers of `load` are not cached. */
  async read(name: CacheName, key: string, atMostSeconds: number, load: Load): Promise<string | undefined> {
    const fullKey = `${name}:${key}`;
    const cached = await this.#cache.get(fullKey);
    this.#onLookup(name, cached !== undefined);
    if (cached !== undefined) return cached;
    return this.#once(fullKey, () =>
      loadThrough(this.#cache, fullKey, Math.min(ttlSeconds[name], atMostSeconds), load),
    );
  }

  /**
   * JSON text that is an answer's body, with what HTTP needs. Answers stay in this process: fresh for some seconds,
   * then given while they are loaded again, and kept for when they cannot be loaded (`freshness.ts`).
   */
  async answer(name: CacheName, key: string, load: Load): Promise<CachedAnswer | undefined> {
    const fullKey = `${name}:${key}`;
    const held = this.#answers.get(fullKey);
    const age = held === undefined ? Number.POSITIVE_INFINITY : this.#now() - held.loadedAtMs;
    if (held !== undefined && this.#give(held)) return held;
    try {
      return await this.#loadAnswer({ name, key: fullKey, load }, true);
    } catch (error) {
      const { onErrorMs } = freshness(this.shared);
      if (held !== undefined && age < onErrorMs && this.#answers.get(fullKey) === held) return held;
      throw error;
    }
  }

  /** An answer that was given for exactly this address before and may be given again: the short way past the router. */
  heldAt(url: string): CachedAnswer | undefined {
    const answer = this.#answers.getByUrl(url);
    return answer !== undefined && this.#give(answer) ? answer : undefined;
  }

  /** Whether an answer is young enough to be given; one that is not fresh any more is loaded again behind it. */
  #give(answer: CachedAnswer): boolean {
    const age = this.#now() - answer.loadedAtMs;
    const { freshMs, staleMs } = freshness(this.shared);
    if (age >= freshMs + staleMs) return false;
    this.#onLookup(answer.name, true);
    if (age >= freshMs) void this.#loadAnswer(answer, false).catch(() => undefined);
    return true;
  }

  /** Forgets entries; loads that began before are not stored and not shared any more. */
  async forget(name: CacheName, keys: readonly string[]): Promise<void> {
    const fullKeys = keys.map((key) => `${name}:${key}`);
    await this.#forget({ keys: fullKeys, starts: [] }, () => this.#cache.remove(fullKeys));
  }

  /** As `forget`, for every entry of one cache: after a write to the catalogue no list and no search is as before. */
  async forgetAll(name: CacheName): Promise<void> {
    const start = `${name}:`;
    await this.#forget({ keys: [], starts: [start] }, () => this.#cache.removeAll(start));
  }

  /** Forgets everything, also what is being loaded; throws when the cache does not answer. */
  async clear(): Promise<void> {
    await this.#forget({ keys: [], starts: [""] }, () => this.#cache.clear());
  }

  close(): Promise<void> {
    return this.#cache.close();
  }

  /** Dropped twice: what was read from the shared cache just before it removed the entry must not stay here. */
  async #forget(removal: Removal, remove: () => Promise<void>): Promise<void> {
    this.#drop(removal);
    await remove();
    this.#drop(removal);
  }

  #drop({ keys, starts }: Removal): void {
    for (const key of keys) {
      this.#loading.delete(key);
      this.#answers.drop(key);
    }
    for (const start of starts) {
      for (const key of this.#loading.keys()) if (key.startsWith(start)) this.#loading.delete(key);
      this.#answers.dropAll(start);
    }
  }

  /** Without a shared cache this process's memory is the only one: there is nothing to read through. */
  #loadAnswer(
    { name, key, load }: Pick<CachedAnswer, "name" | "key" | "load">,
    counts: boolean,
  ): Promise<CachedAnswer | undefined> {
    return this.#once(key, async (isCurrent) => {
      const cached = this.shared ? await this.#cache.get(key) : undefined;
      if (counts) this.#onLookup(name, cached !== undefined);
      const text = cached ?? (this.shared ? await loadThrough(this.#cache, key, ttlSeconds[name], load) : await load());
      if (text === undefined) return undefined;
      const answer = new CachedAnswer({ name, key, load }, { text, atMs: this.#now() });
      return isCurrent() ? this.#answers.put(answer) : answer;
    });
  }

  /** Runs `work` unless it runs already; `isCurrent` turns false when the key is forgotten meanwhile. */
  #once<T>(key: string, work: (isCurrent: () => boolean) => Promise<T>): Promise<T> {
    const running = this.#loading.get(key)?.promise;
    if (running !== undefined) return running as Promise<T>;
    const entry: Loading = { promise: undefined };
    const isCurrent = (): boolean => this.#loading.get(key) === entry;
    const workAndEnd = async (): Promise<T> => {
      try {
        return await work(isCurrent);
      } finally {
        if (isCurrent()) this.#loading.delete(key);
        entry.promise = undefined;
      }
    };
    const promise = workAndEnd();
    entry.promise = promise;
    this.#loading.set(key, entry);
    return promise;
  }
}
