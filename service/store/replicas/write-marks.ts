import type { Redis } from "ioredis";

/** What a read is about. Whoever writes one tells so, and a read about it then sees the write on every server. */
export type Subject = `account:${number}` | `product:${number}` | "catalogue";

const prefix = "shop:wrote:";
/** Far longer than a replica that is in use may lag. */
const keepSeconds = 60;
/** After an error of Redis it is asked for no marks for this long. */
const pauseMs = 1_000;
/**
 * Marks that were made while Redis was away are lost. So long after it is back, every replica that is still in use has
 * replayed what was written then: an excuse lasts longer than the largest lag and the time to notice it.
 */
const distrustMs = 5_000;

/** A position that no replica reaches: while such a mark is kept, the subject is read from the primary. */
export const primaryOnly = Number.MAX_SAFE_INTEGER;

/** Keeps the later of two positions: two processes may mark the same subject in the other order. */
const noteScript = `for _, key in ipairs(KEYS) do
  local known = redis.call('get', key)
  if not known or tonumber(known) < tonumber(ARGV[1]) then redis.call('set', key, ARGV[1], 'EX', ARGV[2]) end
end`;

/** Where the log of the primary stood after the last write about a subject; shared by all processes through Redis. */
export class WriteMarks {
  readonly #redis: Redis;
  readonly #now: () => number;
  #pausedUntil = 0;
  #distrustedUntil = 0;

  constructor(redis: Redis, now: () => number = () => performance.now()) {
    this.#redis = redis;
    this.#now = now;
    redis.on("close", () => this.#distrust());
  }

  /**
   * Marks subjects as written up to `position`; false when Redis does not say that it has. Asked also in a pause: other
   * processes may have seen no error, and trust that what has no mark was not written. Never rejects.
   */
  async note(subjects: readonly Subject[], position: number): Promise<boolean> {
    const keys = subjects.map((subject) => prefix + subject);
    const noted = await this.#attempt(async (redis) => {
      await redis.eval(noteScript, keys.length, ...keys, String(position), keepSeconds);
      return true;
    });
    return noted ?? false;
  }

  /** Position that a server must have replayed to show the last write; 0 when there was none lately, undefined when nobody knows. */
  async positionOf(subject: Subject): Promise<number | undefined> {
    if (this.#now() < this.#pausedUntil) return undefined;
    const known = await this.#attempt(async (redis) => Number(await redis.get(prefix + subject)));
    return this.#now() < this.#distrustedUntil ? undefined : known;
  }

  async #attempt<T>(work: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    try {
      if (this.#redis.status !== "ready") throw new Error("Redis is away");
      return await work(this.#redis);
    } catch {
      this.#pausedUntil = this.#now() + pauseMs;
      this.#distrust();
      return undefined;
    }
  }

  #distrust(): void {
    this.#distrustedUntil = this.#now() + distrustMs;
  }
}
