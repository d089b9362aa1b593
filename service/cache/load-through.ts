import { setTimeout as sleep } from "node:timers/promises";
import type { Cache } from "./cache.ts";

/** Gives text, or undefined when there is nothing to give. */
export type Load = () => Promise<string | undefined>;

/** Another process's load is waited for so long; most take a few milliseconds. After it the load is done here as well. */
const waitMs = 250;
const askEveryMs = 10;

/** Loads a value and stores it, or waits for the process that is loading it already. */
export async function loadThrough(
  cache: Cache,
  key: string,
  ttlSeconds: number,
  load: Load,
): Promise<string | undefined> {
  const reservation = await cache.reserve(key);
  if (reservation === "taken") return (await awaitOther(cache, key)) ?? load();
  if (reservation === undefined) return load();
  let value: string | undefined;
  try {
    value = await load();
    return value;
  } finally {
    // Nobody waits for what will not come.
    await (value === undefined ? cache.release(reservation) : cache.fill(reservation, value, ttlSeconds));
  }
}

async function awaitOther(cache: Cache, key: string): Promise<string | undefined> {
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += askEveryMs) {
    await sleep(askEveryMs);
    const value = await cache.get(key);
    if (value !== undefined) return value;
  }
  return undefined;
}
