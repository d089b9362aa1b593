import { secondsBetween, type Snapshot } from "./snapshot.ts";

/** History older than this says nothing about now. */
const freshSeconds = 900;
/** A longer gap between two scrapes could hide an hour of rest. */
const gapSeconds = 120;

/**
 * The newest unbroken run of a history, oldest first: what may stand in the window of a snapshot taken at `now`. Empty
 * when the last scrape is too long ago.
 */
export function freshRun(history: readonly Snapshot[], now: string): readonly Snapshot[] {
  const end: Snapshot = { at: now, endpoints: [] };
  let from = history.length;
  for (let newer = end; from > 0; from -= 1) {
    const older = history[from - 1];
    if (older === undefined || !isNear(older, newer) || secondsBetween(older, end) > freshSeconds) break;
    newer = older;
  }
  return history.slice(from);
}

function isNear(older: Snapshot, newer: Snapshot): boolean {
  const seconds = secondsBetween(older, newer);
  return seconds > 0 && seconds <= gapSeconds;
}
