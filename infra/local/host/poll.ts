import { setTimeout as delay } from "node:timers/promises";

export interface PollOptions {
  readonly timeoutMs: number;
  readonly intervalMs: number;
}

/** Asks until the answer is not undefined; undefined when the time is over. A throwing question counts as no answer. */
export async function poll<T>(
  question: () => Promise<T | undefined> | T | undefined,
  options: PollOptions,
): Promise<T | undefined> {
  // Not the wall clock: a step of it must neither end the wait nor make it endless.
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    const answer = await attempt(question);
    if (answer !== undefined) return answer;
    if (performance.now() >= deadline) return undefined;
    await delay(options.intervalMs);
  }
}

async function attempt<T>(question: () => Promise<T | undefined> | T | undefined): Promise<T | undefined> {
  try {
    return await question();
  } catch {
    return undefined;
  }
}
