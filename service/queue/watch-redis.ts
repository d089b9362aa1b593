import type { Redis } from "ioredis";
import type { Logger } from "pino";

/** Says once that the queue's Redis is away, once that it is back, and each time whether it keeps what it is given. */
export function watchRedis(redis: Redis, logger: Logger): void {
  let away = false;
  redis.on("error", (error) => {
    if (!away) logger.warn({ reason: error.message }, "the queue's Redis does not answer; mail waits in the outbox");
    away = true;
  });
  redis.on("ready", () => {
    if (away) logger.info("the queue's Redis is back");
    away = false;
    void warnOfEviction(redis, logger);
  });
}

/** A queue needs `noeviction`: under any other policy a Redis that is full makes room by throwing jobs away. */
async function warnOfEviction(redis: Redis, logger: Logger): Promise<void> {
  const memory = await redis.info("memory").catch(() => "");
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy === undefined || policy === "noeviction") return;
  logger.warn({ policy }, "the queue's Redis may throw jobs away when it is full: set maxmemory-policy noeviction");
}
