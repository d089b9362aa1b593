import { baseline } from "../../../../infra/topology/topology.ts";
import { hour, day, until, load1, cpu, dayOf, spikeOn, inUse, slowAt, shared, type Scenario } from "./scenario.ts";

/** What must not trigger, and what must all the same. */
export const shapesScenarios: readonly Scenario[] = [
  {
    name: "a spike of hours",
    changes: inUse(spikeOn((at) => at > until - 60 * hour && at <= until - 55 * hour, 9.5, 2)),
    verdicts: {},
  },
  { name: "a spike round midnight", changes: inUse(spikeOn(dayOf(3.5, 2.6), 9.5, 2)), verdicts: {} },
  {
    name: "weekends alone",
    changes: inUse((at) => (new Date(at * 1_000).getUTCDay() % 6 === 0 ? 9.5 : 2)),
    verdicts: {},
  },
  {
    name: "weekdays, not weekends",
    changes: inUse((at) => (new Date(at * 1_000).getUTCDay() % 6 === 0 ? 2 : 9.5)),
    verdicts: { "connection-pooler": "due" },
  },
  {
    name: "peaks at noon alone",
    changes: inUse((at) => (at % day >= 11 * hour && at % day < 13 * hour ? 9 : 1)),
    verdicts: { "connection-pooler": "due" },
  },
  {
    name: "busy at noon, slow at midnight",
    changes: {
      ...cpu({ peak: 0.2 }),
      shop_event_loop_utilization: load1({ peak: 0.95 }),
      ...slowAt((at) => (at % day < 3 * hour ? 1 : 0), 1),
    },
    verdicts: {},
    binding: "event-loop-utilisation",
  },
  {
    name: "counters that were reset",
    changes: cpu({ peak: 0.15 }, [until - 3 * day, until - 2 * day, until - 20 * hour]),
    verdicts: {},
  },
  {
    name: "three days without a scrape",
    changes: { up: (at) => (dayOf(5, 2)(at) ? undefined : 1), ...inUse((at) => (dayOf(5, 2)(at) ? undefined : 9)) },
    verdicts: { "connection-pooler": "due" },
  },
  {
    name: "instances replaced every day",
    alive: { w1: [33, 2], w2: [2, 1], w3: [1, 0] },
    topology: { ...baseline, cache: "redis" },
    changes: { ...shared, ...inUse(8.5) },
    verdicts: { "connection-pooler": "due" },
    binding: "pool-utilisation",
  },
];
