import type { Topology } from "../../infra/topology/topology.ts";
import { forecastOf } from "../advice/forecast.ts";
import type { Measurements } from "../advice/measurement.ts";
import { costByMonth, type CostInMonth, type Range } from "../planning/cost/cost-by-month.ts";
import type { PriceOf } from "../planning/cost.ts";

/** Users as they were and as they may become, and what the months to come cost for it. */
export interface UsersAhead {
  /** Times in milliseconds since 1970, oldest first. */
  readonly history: readonly { readonly atMs: number; readonly users: number }[];
  /** From now on, week by week as far as can be seen: 90 of 100 such days fall into each range. */
  readonly forecast: readonly ({ readonly atMs: number } & Range)[];
  /** Why there is no forecast; null where there is one. */
  readonly missing: string | null;
  readonly months: readonly CostInMonth[];
}

const dayMs = 86_400_000;
const stepDays = 7;

/** The users' way, from what was read of them, and its bills by the prices of where the shop runs. */
export function usersAhead({ of, now }: Measurements, topology: Topology, priceOf: PriceOf): UsersAhead {
  const measurement = of.get("users");
  const history = (measurement?.points ?? []).map(({ at, value }) => ({ atMs: at * 1_000, users: value }));
  const forecast = measurement === undefined ? { missing: "users were not read" } : forecastOf(measurement, now);
  if ("missing" in forecast) return { history, forecast: [], missing: forecast.missing, months: [] };
  const { horizonDays } = forecast;
  const usersAt = (day: number): Range => {
    const { low, value, high } = forecast.at(day);
    return { low, likely: value, high };
  };
  const days = Array.from({ length: Math.floor(horizonDays / stepDays) + 1 }, (_, index) => index * stepDays);
  return {
    history,
    forecast: days.map((day) => ({ atMs: now * 1_000 + day * dayMs, ...usersAt(day) })),
    missing: null,
    months: costByMonth(topology, { nowMs: now * 1_000, horizonDays, usersAt, priceOf }),
  };
}
