/** Where the primary's log stood at some time; positions are bytes since the beginning of the log. */
interface Sample {
  readonly atMs: number;
  readonly position: number;
}

/** Longest lag that is told in full; a larger one is "at least this". */
const keepMs = 60_000;

/** Remembers where the primary stood when, so that a replica's position becomes a time: also while nobody writes. */
export class PositionTrack {
  /** Oldest first; times and positions only grow. */
  #samples: Sample[] = [];

  record(atMs: number, position: number): void {
    const last = this.#samples.at(-1);
    // Another server took the primary's place, or a restore did: what was known of the old one means nothing now.
    if (last !== undefined && position < last.position) this.#samples = [];
    this.#samples.push({ atMs, position });
    const oldest = this.#samples.findIndex((sample) => sample.atMs >= atMs - keepMs);
    if (oldest > 0) this.#samples.splice(0, oldest);
  }

  /**
   * How far in the past the replica is that has replayed up to `position`, in ms and rather too much than too little.
   * 0 when it has all that is known of; undefined before the first sample.
   */
  lagMs(position: number, nowMs: number): number | undefined {
    const oldest = this.#samples[0];
    if (oldest === undefined) return undefined;
    const reached = this.#samples.findLast((sample) => sample.position <= position);
    if (reached === this.#samples.at(-1)) return 0;
    return nowMs - (reached ?? oldest).atMs;
  }
}
