import { setTimeout as sleep } from "node:timers/promises";

/** Longer than the work that only a known address causes takes on a busy shop, and too short to annoy. */
const steadyMs = 200;

/** Does `work`, and takes as long whatever it does: the answer's time must not tell what was found. */
export async function inSteadyTime(work: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await work();
  const leftMs = steadyMs - (performance.now() - startedAt);
  if (leftMs > 0) await sleep(leftMs);
}
