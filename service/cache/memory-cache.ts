import type { Cache, Reservation } from "./cache.ts";

interface Entry {
  readonly value: string;
  readonly bytes: number;
  readonly expiresAtMs: number;
}

/** What an entry takes beside its text: map slot, object, string headers. */
const overheadBytes = 160;

/**
 * Cache inside the process: lost at a restart, and every process has its own. Entries that ended go when others come, and when
 * there is no room those that were not used for longest.
 */
export class MemoryCache implements Cache {
  readonly shared = false;
  readonly #maxBytes: number;
  readonly #now: () => number;
  /** A Map keeps the order of insertion; a read moves its entry to the end. */
  readonly #entries = new Map<string, Entry>();
  readonly #reservations = new Map<string, string>();
  #bytes = 0;
  #reserved = 0;

  constructor(maxBytes: number, now: () => number = Date.now) {
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Promise<string | undefined> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return Promise.resolve(undefined);
    this.#drop(key, entry);
    if (entry.expiresAtMs <= this.#now()) return Promise.resolve(undefined);
    this.#put(key, entry);
    return Promise.resolve(entry.value);
  }

  reserve(key: string): Promise<Reservation> {
    this.#reserved += 1;
    const token = String(this.#reserved);
    this.#reservations.set(key, token);
    return Promise.resolve({ key, token });
  }

  fill({ key, token }: Reservation, value: string, ttlSeconds: number): Promise<void> {
    if (this.#reservations.get(key) !== token) return Promise.resolve();
    this.#reservations.delete(key);
    // V8 keeps text of Latin letters in one byte a character, any other in two.
    const bytes = 2 * key.length + Buffer.byteLength(value) + overheadBytes;
    if (bytes > this.#maxBytes) return Promise.resolve();
    const before = this.#entries.get(key);
    if (before !== undefined) this.#drop(key, before);
    this.#put(key, { value, bytes, expiresAtMs: this.#now() + ttlSeconds * 1_000 });
    this.#evict();
    return Promise.resolve();
  }

  release({ key, token }: Reservation): Promise<void> {
    if (this.#reservations.get(key) === token) this.#reservations.delete(key);
    return Promise.resolve();
  }

  remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.#reservations.delete(key);
      const entry = this.#entries.get(key);
      if (entry !== undefined) this.#drop(key, entry);
    }
    return Promise.resolve();
  }

  /** Looks at every key: it follows writes to the catalogue, which are rare. */
  removeAll(start: string): Promise<void> {
    for (const key of this.#reservations.keys()) if (key.startsWith(start)) this.#reservations.delete(key);
    for (const [key, entry] of this.#entries) if (key.startsWith(start)) this.#drop(key, entry);
    return Promise.resolve();
  }

  /** Nobody else has a part in it. */
  onRemoved(): void {}

  clear(): Promise<void> {
    this.#entries.clear();
    this.#reservations.clear();
    this.#bytes = 0;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.clear();
  }

  #put(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }

  #evict(): void {
    const now = this.#now();
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes && entry.expiresAtMs > now) return;
      this.#drop(key, entry);
    }
  }
}
