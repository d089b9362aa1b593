import { judgedDays } from "./level.ts";
import type { ReadingTask } from "./reading-task.ts";
import type { MeteredSignal } from "./signal.ts";
import type { TimeKnown } from "./time-known.ts";
import type { Windows } from "./windows.ts";

/** A trend of seasons takes some weeks; older growth says little about the next. */
export const forecastDays = 56;
const daySeconds = 86_400;
const hourSeconds = 3_600;
/** What moves slowly is looked at four times a day: the newest look is now, and each day has one at this time of day. */
const instantStepSeconds = 6 * hourSeconds;
/** The share of an hour's looks that make it a known one (`cli/advice/time-known.ts`). */
const wholeShare = 10 / 12;

/** What is read of a signal, and what of it counts. */
export interface Span {
  readonly windows: Windows;
  readonly windowSeconds: number;
  readonly historySeconds: number;
  readonly isKnown: (at: number) => boolean;
  /** Whether so much of the window was measured that what was not could hide little. */
  readonly isWholly: (at: number) => boolean;
}

/** Hour by hour as far back as there is anything known, and of this topology; else one window, as long as it goes. */
export function spanOf(
  signal: MeteredSignal,
  { now, since: runsSince, windowSeconds: asked }: Pick<ReadingTask, "now" | "since" | "windowSeconds">,
  { hours, runSeconds }: TimeKnown,
): Span {
  const stepSeconds = signal.over === "instant" ? instantStepSeconds : (signal.windowHours ?? 1) * hourSeconds;
  const since = signal.over === "instant" ? -Infinity : (runsSince ?? -Infinity);
  const counted = [...hours].filter((at) => at - hourSeconds >= since);
  const tooLong = now - since < stepSeconds;
  if (asked !== undefined || counted.length === 0 || tooLong) {
    const run = Math.min(asked ?? (tooLong ? stepSeconds : runSeconds), Math.max(0, now - since));
    return oneWindow(now, run);
  }
  const days = signal.forecast === undefined ? judgedDays : forecastDays;
  const looksByHour = signal.over === "window" && stepSeconds === hourSeconds;
  const known = new Set(counted);
  const isKnown = (at: number): boolean => (looksByHour ? known.has(at) : at - stepSeconds >= since);
  const knownIn = (at: number): number => counted.filter((hour) => hour <= at && hour > at - stepSeconds).length;
  return {
    windows: { start: now - Math.floor((days * daySeconds) / stepSeconds) * stepSeconds, end: now, stepSeconds },
    windowSeconds: stepSeconds,
    historySeconds: counted.length * hourSeconds,
    isKnown,
    isWholly: (at) => isKnown(at) && knownIn(at) * hourSeconds >= wholeShare * stepSeconds,
  };
}

function oneWindow(now: number, runSeconds: number): Span {
  return {
    windows: { start: now, end: now, stepSeconds: hourSeconds },
    // The scrapes at both ends count: now is a full second, and a scrape right at the edge is outside for some versions.
    windowSeconds: Math.ceil(runSeconds) + 2,
    historySeconds: runSeconds,
    isKnown: () => true,
    isWholly: () => true,
  };
}
