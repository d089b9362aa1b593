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
 * Counters in Redis. Everything that is counted in one turn of the event loop is one command and one answer: a command a
 * request costs more than all the rest of an answer from memory. Fails when Redis does not answer.
 */
export class SharedCounter {
  readonly #redis: Redis;
  #waiting: Waiting[] = [];

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  count(key: string, windowMs: number): Promise<SharedCount> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => void this.#countAll());
      this.#waiting.push({ key, windowMs, resolve, reject });
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

  async #countAll(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const keys = waiting.map(({ key }) => key);
      const windows = waiting.map(({ windowMs }) => windowMs);
      const counts = (await this.#redis.eval(countScript, keys.length, ...keys, ...windows)) as readonly number[];
      for (const [index, { resolve }] of waiting.entries()) {
        resolve({ count: counts[2 * index] ?? 0, leftMs: counts[2 * index + 1] ?? 0 });
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
