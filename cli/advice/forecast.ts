import { dayEnd, judgedDays, sustainedDays } from "./level.ts";
import type { Measurement } from "./measurement.ts";
import type { DayValue } from "./theil-sen.ts";
import { leastTrendDays, trendOf, type Trend } from "./trend.ts";

/** When a signal reaches its threshold, as a range: a bare date would promise what nobody knows. ISO 8601 dates. */
export interface Breach {
  readonly earliest: string;
  /** Null when not as far as can be seen: three times as long as was looked back, a year at most. */
  readonly likely: string | null;
  /** Null when the growth may as well not get there as far as can be seen. */
  readonly latest: string | null;
}

/** A signal's way in the next year. */
export interface Forecast {
  /** Level a day from now, with the range that 90 of 100 such days fall into. */
  readonly at: (day: number) => { readonly low: number; readonly value: number; readonly high: number };
  /** Undefined when the threshold is not reached even at the upper edge, as far as can be seen. */
  readonly breachOf: (threshold: number) => Breach | undefined;
  readonly days: number;
  /** As far as can be seen. */
  readonly horizonDays: number;
}

const daySeconds = 86_400;
/** A line is no farther to be trusted than some times as long as it was seen, and no shop for more than a year. */
const horizonOf = (days: number): number => Math.min(365, 3 * days);
/** Of Student's distribution at some fifteen degrees of freedom, which are left of a month: 5% lie beyond it on either side. */
const ninetyPercent = 1.75;

/** The forecast of a signal from its days; what is missing where there is none. */
export function forecastOf(
  { signal, points, lack }: Pick<Measurement, "signal" | "points" | "lack">,
  now: number,
): Forecast | { readonly missing: string } {
  if (signal.over === "host" || signal.forecast === undefined) return { missing: "it does not grow with the shop" };
  if (lack !== null) return { missing: lack.why };
  const days = dailyValues(signal.over, points, now);
  const trend = trendOf(days);
  if (trend === undefined) {
    return { missing: `${days.length} days of history, a forecast takes ${leastTrendDays}` };
  }
  const sustained = signal.over === "instant" ? 0 : sustainedPart(trend);
  const horizonDays = horizonOf(days.length);
  return {
    days: days.length,
    horizonDays,
    at: (day) => rangeAt(trend, day),
    breachOf: (threshold) => breachOf(trend, threshold, { now, horizonDays, sustained }),
  };
}

/**
 * The highest value of each day of what has peaks, the days as its level is judged by, and whole ones only; of what moves
 * slowly the newest value of each day, counted back from `now`.
 */
export function dailyValues(
  over: "window" | "instant" | "event",
  points: Measurement["points"],
  now: number,
): readonly DayValue[] {
  const end =
    over === "instant"
      ? 0
      : dayEnd(
          points.filter(({ at }) => now - at < judgedDays * daySeconds),
          now,
        );
  const byDay = Map.groupBy(points, ({ at }) => -Math.floor((now + end - at) / daySeconds));
  return [...byDay]
    .filter(([day]) => day < 0 || end === 0)
    .map(([day, ofDay]) => {
      const values = ofDay.map(({ value }) => value);
      return { day, value: over === "instant" ? (values.at(-1) ?? NaN) : Math.max(...values) };
    })
    .toSorted((left, right) => left.day - right.day);
}

/** A level is what three days of seven reach: what the third highest weekday adds, or the third of seven days by chance. */
function sustainedPart(trend: Trend): number {
  const weekdays = Array.from({ length: judgedDays }, (_, day) => trend.season(day)).toSorted((a, b) => b - a);
  const byChance = 0.35 * trend.spread;
  return Math.max(weekdays[sustainedDays - 1] ?? 0, byChance);
}

function rangeAt(trend: Trend, day: number): ReturnType<Forecast["at"]> {
  const value = trend.moved(trend.at(day), trend.season(day));
  const margin = ninetyPercent * Math.hypot(trend.spread, trend.error(day), trend.seasonError);
  return { low: trend.moved(value, -margin), value, high: trend.moved(value, margin) };
}

function breachOf(
  trend: Trend,
  threshold: number,
  { now, horizonDays, sustained }: { readonly now: number; readonly horizonDays: number; readonly sustained: number },
): Breach | undefined {
  const first = (edge: number): number | undefined => {
    for (let day = 0; day <= horizonDays; day += 1) {
      const by = sustained + edge * ninetyPercent * trend.error(day);
      if (trend.moved(trend.at(day), by) >= threshold) return day;
    }
    return undefined;
  };
  const [earliest, likely, latest] = [first(1), first(0), first(-1)];
  if (earliest === undefined) return undefined;
  return {
    earliest: dateOf(earliest),
    likely: likely === undefined ? null : dateOf(likely),
    latest: latest === undefined ? null : dateOf(latest),
  };

  function dateOf(day: number): string {
    return new Date((now + day * daySeconds) * 1_000).toISOString().slice(0, 10);
  }
}
