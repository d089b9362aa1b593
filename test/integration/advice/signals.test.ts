import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prometheusSource } from "../../../cli/adapters/metrics/prometheus.ts";
import { levelOf } from "../../../cli/advice/level.ts";
import { readSignals } from "../../../cli/advice/read-signals.ts";
import { signals } from "../../../cli/advice/signals.ts";
import type { SignalName } from "../../../cli/phases/step.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { startKeptHistory, type KeptHistory } from "../../support/kept-history.ts";
import { madeUpLines } from "../../support/made-up-series.ts";
import { hours, now } from "./cases/case.ts";
import { cases } from "./cases/index.ts";

let history: KeptHistory;
const measured = async (environment: string, signal: SignalName) => {
  const { of } = await readSignals({
    source: prometheusSource({ name: "made up", url: history.url }),
    signals: signals.filter(({ name }) => name === signal),
    topology: baseline,
    selector: `environment="${environment}"`,
    now,
    windowSeconds: undefined,
    since: undefined,
    facts: { now: "", observation: undefined, environmentCreatedAt: "" },
  });
  return of.get(signal)!;
};

beforeAll(async () => {
  const environments = cases.map(({ what, instances, lengthSeconds = hours * 3_600 }) => ({
    name: what,
    instances,
    until: now,
    lengthSeconds,
    intervalSeconds: 60,
  }));
  history = await startKeptHistory(madeUpLines(environments));
});

afterAll(async () => {
  await history?.stop();
});

describe("in a real Prometheus", () => {
  test.each(cases)("$signal: $what", async ({ what, signal, level, lack, historySeconds, quietHours, subject }) => {
    const measurement = await measured(what, signal);
    const found = levelOf(measurement, now)?.value;
    if (level === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(level, 6);
    expect(measurement.lack).toEqual(lack ?? null);
    expect(measurement.quietAt.length).toBe(quietHours ?? 0);
    expect(measurement.subject).toBe(subject);
    if (historySeconds !== undefined) expect(measurement.historySeconds).toBe(historySeconds);
  });

  test("every signal of the table is asked for", () => {
    const tested = new Set(cases.map(({ signal }) => signal));
    expect(signals.filter(({ name, over }) => over !== "host" && !tested.has(name)).map(({ name }) => name)).toEqual(
      [],
    );
  });

  test("an environment that nobody scraped gives nothing", async () => {
    expect(await measured("elsewhere", "users")).toMatchObject({
      points: [],
      lack: { why: "no instance of the shop was scraped", leaves: "nothing" },
    });
  });
});
