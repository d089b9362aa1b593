import { setTimeout as delay } from "node:timers/promises";

/** Does something again and again until the result is called, which waits for its end; what fails is tried at the next turn. */
export function repeat(intervalMs: number, work: () => Promise<void>): () => Promise<void> {
  const over = new AbortController();
  const loop = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await work().catch(() => undefined);
      await delay(intervalMs, undefined, { signal: over.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return async () => {
    over.abort();
    await ended;
  };
}
