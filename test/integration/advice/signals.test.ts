import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prometheusSource } from "../../../cli/adapters/metrics/prometheus.ts";
import { levelOf } from "../../../cli/advice/level.ts";
import { readSignals } from "../../../cli/advice/read-signals.ts";
import { signals } from "../../../cli/advice/signals.ts";
import type { SignalName } from "../../../cli/phases/step.ts";
import type { Observation } from "../../../infra/observation.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { figures } from "../../../service/contract/figures.ts";
import { startKeptHistory, type KeptHistory } from "../../support/kept-history.ts";
import { madeUpLines } from "../../support/made-up-series.ts";
import { hours, now } from "./cases/case.ts";
import { cases } from "./cases/index.ts";

let history: KeptHistory;
const measured = async (environment: string, signal: SignalName, observation?: Observation) => {
  const { of } = await readSignals({
    source: prometheusSource({ name: "made up", url: history.url }),
    signals: signals.filter(({ name }) => name === signal),
    topology: baseline,
    selector: `environment="${environment}"`,
    now,
    windowSeconds: undefined,
    since: undefined,
    facts: { now: "", observation, environmentCreatedAt: "" },
  });
  return of.get(signal)!;
};

/** Fargate's smallest pair with the starter's memory has half its CPU. */
const onAws: Observation = {
  at: "",
  processes: [],
  router: { url: "", up: true, servers: [] },
  tiers: { ...figures.tiers, starter: { cpu: 0.25, memoryMiB: 512 } },
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

  test("a share of a tier is of what an instance is granted where it runs", async () => {
    const { what } = cases.find(({ signal }) => signal === "cpu-of-tier")!;
    const [here, there] = [await measured(what, "cpu-of-tier"), await measured(what, "cpu-of-tier", onAws)];
    expect(levelOf(there, now)!.value).toBeCloseTo(2 * levelOf(here, now)!.value, 6);
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
