import type { Redis } from "ioredis";

/** How often something happened in a window that all processes share, and how long the window still lasts. */
export interface SharedCount {
  readonly count: number;
  readonly leftMs: number;
}

interface Waiting {
  readonly key: string;
  readonly windowMs: number;
  readonly resolve: (count: SharedCount) => void;
  readonly reject: (error: unknown) => void;
}

/** A window begins with its first count; a counter that lost its end (a script that was cut off) gets a new one. */
const countScript = `local counts = {}
for i, key in ipairs(KEYS) do
  local count = redis.call('incr', key)
  local left = redis.call('pttl', key)
  if left < 0 then
    left = tonumber(ARGV[i])
    redis.call('pexpire', key, left)
  end
  counts[2 * i - 1] = count
  counts[2 * i] = left
end
return counts`;

/** Of a window that ended nothing is left to give back. */
const giveBackScript = `if redis.call('exists', KEYS[1]) == 1 then redis.call('decr', KEYS[1]) end`;

/**
 * Counters in Redis. One command is under way at a time, and what is counted meanwhile goes with the next: nobody waits
 * while there is little to count, and the more there is, the more of it is one command. A command a request costs more than
 * all the rest of an answer from memory. Fails when Redis does not answer.
 */
export class SharedCounter {
  readonly #redis: Redis;
  #waiting: Waiting[] = [];
  #isUnderWay = false;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  count(key: string, windowMs: number): Promise<SharedCount> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, windowMs, resolve, reject });
      if (this.#isUnderWay) return;
      this.#isUnderWay = true;
      // What else this turn of the event loop brings goes with it.
      setImmediate(() => void this.#countOn());
    });
  }

  /** Takes one back. */
  async giveBack(key: string): Promise<void> {
    await this.#redis.eval(giveBackScript, 1, key);
  }

  /** Starts again at zero. */
  async clear(key: string): Promise<void> {
    await this.#redis.unlink(key);
  }

  /** Counts until nothing waits. */
  async #countOn(): Promise<void> {
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      try {
        const counts = await this.#countAll(waiting);
        for (const [index, { resolve }] of waiting.entries()) {
          resolve({ count: counts[2 * index] ?? 0, leftMs: counts[2 * index + 1] ?? 0 });
        }
      } catch (error) {
        // Who came meanwhile would only wait as long again for the same.
        for (const { reject } of [...waiting, ...this.#waiting]) reject(error);
        this.#waiting = [];
      }
    }
    this.#isUnderWay = false;
  }

  async #countAll(waiting: readonly Waiting[]): Promise<readonly number[]> {
    const keys = waiting.map(({ key }) => key);
    const windows = waiting.map(({ windowMs }) => windowMs);
    return (await this.#redis.eval(countScript, keys.length, ...keys, ...windows)) as readonly number[];
  }
}
