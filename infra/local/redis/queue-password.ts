import { createHmac } from "node:crypto";

/**
 * Password of the queue's Redis, derived from the cache's: environments from before there was a queue have no other
 * secret for it, and whoever knows this one does not know that one.
 */
export function queuePassword(cachePassword: string): string {
  return createHmac("sha256", cachePassword).update("shopctl queue redis").digest("base64url");
}
