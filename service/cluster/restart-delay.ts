const firstDelayMs = 100;
const longestDelayMs = 5_000;
/** A worker that lived longer did not die of how it starts. */
const shortLifeMs = 10_000;

/**
 * Time until a worker that died is replaced: at once in effect after a long life, doubled for each short one in a
 * row, so that a worker that cannot live does not take the machine from those that can.
 */
export class RestartDelay {
  #shortLives = 0;

  after(lifeMs: number): number {
    if (lifeMs >= shortLifeMs) this.#shortLives = 0;
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** this.#shortLives);
    this.#shortLives += 1;
    return delayMs;
  }
}
