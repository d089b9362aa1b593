import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prometheusSource } from "../../../cli/adapters/metrics/prometheus.ts";
import { readSignals } from "../../../cli/advice/read-signals.ts";
import { recommend, type Recommendation } from "../../../cli/advice/recommend.ts";
import { signals } from "../../../cli/advice/signals.ts";
import { steps } from "../../../cli/phases/index.ts";
import { costOf } from "../../../cli/planning/cost.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { startKeptHistory, type KeptHistory } from "../../support/kept-history.ts";
import { madeUpLines, type Course, type MadeUpEnvironment } from "../../support/made-up-series.ts";
import { healthyShop } from "../../support/shop-courses.ts";
import { phase1Host } from "../../unit/phases/observations.ts";
import { scenarios } from "./scenarios/index.ts";
import { until, type Scenario } from "./scenarios/scenario.ts";

/** A month; every half hour is enough for windows of an hour, and keeps the test short. */
const historyDays = 33;
const intervalSeconds = 1_800;
const backups = [{ id: "newest", at: new Date(until * 1_000).toISOString(), sizeBytes: 1 }];
const now = new Date(until * 1_000).toISOString();
let history: KeptHistory;

type Courses = Record<string, Course>;

function environmentOf(scenario: Scenario, index: number): MadeUpEnvironment {
  const { changes = {}, others = {}, alive, lengthDays } = scenario;
  const instance = (more: Scenario["changes"] = {}): Courses => {
    const all = { up: 1, ...healthyShop(until, index + 1), ...changes, ...more };
    const exported: Courses = {};
    for (const [series, course] of Object.entries<Course | undefined>(all)) {
      if (course !== undefined) exported[series] = course;
    }
    return exported;
  };
  const lives = Object.entries(alive ?? {}).map(([id, [from, to]]) => [id, living(instance(), from, to)] as const);
  const further = Object.entries(others).map(([id, more]) => [id, instance(more)] as const);
  return {
    name: labelOf(scenario),
    instances: alive === undefined ? { w1: instance(), ...Object.fromEntries(further) } : Object.fromEntries(lives),
    until,
    lengthSeconds: Math.round((lengthDays ?? historyDays) * 86_400),
    intervalSeconds: lengthDays === undefined ? intervalSeconds : 15,
  };
}

/** An instance that lived for a while; its counters begin with it. */
function living(courses: Courses, fromDays: number, toDays: number): Courses {
  const [born, dead] = [until - fromDays * 86_400, until - toDays * 86_400];
  const within =
    (course: Course): Course =>
    (at) =>
      at < born || at > dead ? undefined : typeof course === "number" ? course : course(at);
  const lived = Object.entries(courses).map(([series, course]) => [series, within(course)] as const);
  return { ...Object.fromEntries(lived), process_start_time_seconds: within(born) };
}

/** Short, for it stands in every line of the history. */
function labelOf(scenario: Scenario): string {
  return `s${scenarios.indexOf(scenario)}`;
}

async function advise(scenario: Scenario): Promise<Recommendation> {
  const { name, topology = baseline, since } = scenario;
  const measurements = await readSignals({
    source: prometheusSource({ name: "made up", url: history.url }),
    signals,
    topology,
    selector: `environment="${labelOf(scenario)}"`,
    now: until,
    windowSeconds: undefined,
    since,
    facts: {
      now,
      observation: { ...phase1Host, ...(phase1Host.database && { database: { ...phase1Host.database, backups } }) },
      environmentCreatedAt: now,
    },
  });
  const price = (one: typeof topology): number => costOf(one).usdPerMonth;
  return recommend({ environment: name, now, topology, steps, measurements, source: "a test", costOf: price });
}

beforeAll(async () => {
  history = await startKeptHistory(madeUpLines(scenarios.map(environmentOf)), ["--query.lookback-delta=35m"]);
}, 300_000);

afterAll(async () => {
  await history?.stop();
});

describe(`in a real Prometheus with ${historyDays} days of history`, () => {
  test.each(scenarios)("$name", async (scenario) => {
    const advice = await advise(scenario);
    const done = steps.filter((step) => step.isDone(scenario.topology ?? baseline)).map(({ id }) => id);
    const expected = Object.fromEntries(
      steps.map(({ id }) => [id, done.includes(id) ? "done" : (scenario.verdicts?.[id] ?? "not-yet")]),
    );
    expect(Object.fromEntries(advice.steps.map(({ id, verdict }) => [id, verdict]))).toEqual(expected);
    const due = advice.steps.filter(({ dueBy }) => dueBy !== null);
    if (scenario.by !== undefined) expect(new Set(due.map(({ dueBy }) => dueBy))).toEqual(new Set([scenario.by]));
    if (scenario.binding !== undefined) expect(advice.binding?.signal).toBe(scenario.binding);
    if (scenario.later !== undefined) expect(advice.later[0]?.signal).toBe(scenario.later);
    if (scenario.breach === null) expect(advice.steps.filter(({ breach }) => breach !== null)).toEqual([]);
    else if (scenario.breach !== undefined) {
      const { of, on } = scenario.breach;
      const found = advice.steps.flatMap(({ evidence }) => evidence).find(({ signal }) => signal === of)?.breach;
      expect(found?.earliest.localeCompare(on)).toBeLessThanOrEqual(0);
      expect((found?.latest ?? "9999").localeCompare(on)).toBeGreaterThanOrEqual(0);
    }
  });
});
