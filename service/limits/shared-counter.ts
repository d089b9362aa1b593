import type { Redis } from "ioredis";

/** How often something happened in a window that all processes share, and how long the window still lasts. */
export interface SharedCount {
  readonly count: number;
  readonly leftMs: number;
}

/** One count, and who hears of it. */
export interface Counting {
  readonly key: string;
  readonly windowMs: number;
  readonly counted: (count: SharedCount) => void;
  readonly failed: (error: unknown) => void;
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
  #waiting: Counting[] = [];
  #isUnderWay = false;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Counts one; who asked hears of it without a promise, which a count behind a verdict would be most of the cost of. */
  begin(counting: Counting): void {
    this.#waiting.push(counting);
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    // What else this turn of the event loop brings goes with it.
    setImmediate(() => void this.#countOn());
  }

  count(key: string, windowMs: number): Promise<SharedCount> {
    return new Promise((resolve, reject) => this.begin({ key, windowMs, counted: resolve, failed: reject }));
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
        for (let index = 0; index < waiting.length; index += 1)
          waiting[index]?.counted({ count: counts[2 * index] ?? 0, leftMs: counts[2 * index + 1] ?? 0 });
      } catch (error) {
        // Who came meanwhile would only wait as long again for the same.
        for (const one of [...waiting, ...this.#waiting]) one.failed(error);
        this.#waiting = [];
      }
    }
    this.#isUnderWay = false;
  }

  async #countAll(waiting: readonly Counting[]): Promise<readonly number[]> {
    const keysAndWindows: (string | number)[] = waiting.map(({ key }) => key);
    for (const { windowMs } of waiting) keysAndWindows.push(windowMs);
    return (await this.#redis.eval(countScript, waiting.length, ...keysAndWindows)) as readonly number[];
  }
}
