import type { Topology } from "../../../infra/topology/topology.ts";
import { steps } from "../../phases/index.ts";
import type { Step } from "../../phases/step.ts";
import type { PriceOf } from "../cost.ts";
import { dueFromUsers } from "./road-topology.ts";
import { plannedUsage } from "./usage.ts";

/** A number with the range that it may as well have. */
export interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** What a month to come costs, by the users that the forecast gives its first day. */
export interface CostInMonth {
  /** `2027-03`. */
  readonly month: string;
  readonly users: Range;
  /** Each with the steps that so many users ask for. */
  readonly usdPerMonth: Range;
  /** Steps that the likely users of this month ask for, and those of the month before did not. */
  readonly steps: readonly string[];
}

const dayMs = 86_400_000;

interface MonthsAhead {
  readonly nowMs: number;
  readonly horizonDays: number;
  readonly usersAt: (day: number) => Range;
  /** Of where the shop runs. */
  readonly priceOf: PriceOf;
}

/** The bills of the months that begin within the horizon; the growth plan's steps are done as users reach their counts. */
export function costByMonth(
  topology: Topology,
  { nowMs, horizonDays, usersAt, priceOf }: MonthsAhead,
): readonly CostInMonth[] {
  const usdAt = (users: number): number => {
    const then = stepsAt(topology, users).reduce((now, step) => step.apply(now), topology);
    return priceOf(then, plannedUsage(users)).usdPerMonth;
  };
  const firsts = monthsWithin(nowMs, horizonDays);
  const likely = firsts.map((first) => usersAt((first - nowMs) / dayMs));
  return firsts.map((first, index) => {
    const users = rounded(likely[index]);
    const before = index === 0 ? [] : stepsAt(topology, rounded(likely[index - 1]).likely);
    return {
      month: new Date(first).toISOString().slice(0, 7),
      users,
      usdPerMonth: { low: usdAt(users.low), likely: usdAt(users.likely), high: usdAt(users.high) },
      steps: stepsAt(topology, users.likely)
        .filter((step) => !before.includes(step))
        .map(({ id }) => id),
    };
  });
}

function monthsWithin(nowMs: number, horizonDays: number): readonly number[] {
  const now = new Date(nowMs);
  const all = Array.from({ length: 13 }, (_, ahead) =>
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1 + ahead, 1),
  );
  return all.filter((first) => first <= nowMs + horizonDays * dayMs);
}

function rounded(range: Range | undefined): Range {
  const { low = 0, likely = 0, high = 0 } = range ?? {};
  return { low: Math.max(0, Math.round(low)), likely: Math.round(likely), high: Math.round(high) };
}

/** Steps that so many users ask for and that are not done. */
function stepsAt(topology: Topology, users: number): readonly Step[] {
  return steps.filter((step) => !step.isDone(topology) && users >= dueFromUsers(step.phase));
}
