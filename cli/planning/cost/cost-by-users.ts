import type { Topology } from "../../../infra/topology/topology.ts";
import { figures } from "../../../service/contract/figures.ts";
import { steps } from "../../phases/index.ts";
import type { PriceOf } from "../cost.ts";
import { dueFromUsers } from "./road-topology.ts";
import { plannedUsage } from "./usage.ts";

/** The bill at a user count, with what the growth plan has done by then. */
export interface CostAtUsers {
  readonly users: number;
  readonly usdPerMonth: number;
  /** Steps that come between the count before and this one. */
  readonly steps: readonly string[];
}

/** The bill from a topology on, as users grow: at each count, every step that the growth plan asks for by then is done. */
export function costByUsers(topology: Topology, counts: readonly number[], priceOf: PriceOf): readonly CostAtUsers[] {
  const done = new Set(steps.filter((step) => step.isDone(topology)).map(({ id }) => id));
  let now = topology;
  return counts.map((users) => {
    const fresh = steps.filter((step) => !done.has(step.id) && users >= dueFromUsers(step.phase));
    for (const step of fresh) {
      now = step.apply(now);
      done.add(step.id);
    }
    const { usdPerMonth } = priceOf(now, plannedUsage(users));
    return { users, usdPerMonth, steps: fresh.map(({ id }) => id) };
  });
}

/** Counts from so many users to the growth plan's target, its triggers among them. */
export function countsFrom(users: number): readonly number[] {
  const { targetUsers, triggersUsers } = figures.growth;
  const even = Array.from({ length: 21 }, (_, index) => Math.round(users + ((targetUsers - users) * index) / 20));
  const all = [users, ...even, ...Object.values(triggersUsers)].filter((count) => count >= users);
  return [...new Set(all)].toSorted((left, right) => left - right);
}
