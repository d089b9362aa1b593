import { setTimeout as delay } from "node:timers/promises";
import { shopUrl } from "../../infra/environment/environment.ts";
import { baseline } from "../../infra/topology/topology.ts";
import { RolloutRecords } from "../adapters/rollout-records.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import { openSession, type Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";
import { rateOf } from "../load/mix.ts";
import type { SecondOfTraffic } from "../load/series.ts";
import { startTraffic, type Traffic } from "../load/traffic.ts";
import type { TrafficReport } from "../load/traffic-report.ts";
import type { StepRecord } from "../rollout/step-record.ts";
import type { ChildCommands } from "./child-command.ts";
import { measurementOf, type Measurement } from "./measurement.ts";

export interface DemoOptions {
  readonly environment: string;
  readonly users: number;
  readonly products: number;
  /** Phase that the rollout ends with. */
  readonly toPhase: number;
  /**
   * Time of the windows before (the one that the advice looks at) and after the rollout, each after a warm-up of a third
   * of it. Limits count in fixed minutes from an address's first request, so 45 s from the 15th see the first refusals.
   */
  readonly windowSeconds: number;
  readonly signal: AbortSignal;
}

export interface DemoOutcome {
  readonly before: Measurement;
  readonly during: Measurement;
  readonly after: Measurement;
  /** All of the traffic, from its first request to its last. */
  readonly total: TrafficReport;
  readonly steps: readonly StepRecord[];
  /** The same second by second. */
  readonly series: readonly SecondOfTraffic[];
}

/** What a demo talks with: the commands it runs, and a line for people. */
export interface DemoStage {
  readonly commands: ChildCommands;
  readonly say: (line: string) => void;
}

/**
 * The main job as a user would type it: a shop at the baseline, shoppers, advice, plan, rollout. The shoppers are in this
 * process and all else in processes of its own, so that no work of shopctl shows up as latency of the shop.
 */
export async function runDemo(options: DemoOptions, stage: DemoStage): Promise<DemoOutcome> {
  const { environment: name, users, products, signal } = options;
  const { commands, say } = stage;
  await must(commands, ["env", "create", name, "--users", String(users), "--products", String(products)], signal);
  const session = await openSession(name);
  const baseUrl = shopUrl(session.environment);
  say(
    `\nShoppers come in: ${rateOf(users).toFixed(0)} requests a second in the mix of the growth plan, open loop, at ${baseUrl}`,
  );
  const traffic = await startTraffic({ baseUrl, users });
  try {
    const window = String(options.windowSeconds);
    await warmUp(traffic, options, say);
    await must(commands, ["scale", "recommend", "--env", name, "--window", window], signal);
    const before = await measure(traffic, session);
    await must(commands, ["scale", "plan", "--to", String(options.toPhase), "--env", name], signal);
    traffic.interval();
    await must(commands, ["scale", "apply", "--to", String(options.toPhase), "--yes", "--env", name], signal);
    const during = await measure(traffic, session);
    await warmUp(traffic, options, say);
    await wait(options.windowSeconds * 1_000, signal);
    const after = await measure(traffic, session);
    const steps = (await new RolloutRecords(session.environment.paths.root).list()).toReversed();
    return { before, during, after, total: await traffic.stop(), steps, series: traffic.series() };
  } finally {
    await traffic.stop();
  }
}

/** The first moments after a start or a change are not what is measured. */
async function warmUp(
  traffic: Traffic,
  { windowSeconds, signal }: DemoOptions,
  say: (line: string) => void,
): Promise<void> {
  const seconds = Math.ceil(windowSeconds / 3);
  say(`\nLetting it run for ${seconds} s, then measuring for ${windowSeconds} s …`);
  await wait(seconds * 1_000, signal);
  traffic.interval();
}

async function measure(traffic: Traffic, session: Session): Promise<Measurement> {
  const stats = traffic.interval();
  const [target, state] = await Promise.all([session.target(), readRunningState(session)]);
  const observation = await target.observe();
  return measurementOf(stats, observation, session.priceOf(state.topology ?? baseline).usdPerMonth);
}

/** Runs a command of shopctl; throws when it ends with anything but 0. */
async function must(commands: ChildCommands, args: readonly string[], signal: AbortSignal): Promise<void> {
  const exit = await commands.run(args);
  if (signal.aborted) throw stopped(args.join(" "));
  if (exit === 0) return;
  throw new FailureError({
    code: "deployment-failed",
    environment: "demo",
    during: `shopctl ${args.join(" ")}`,
    reason: `it ended with exit code ${exit}; what it said stands above`,
  });
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {
    throw stopped("a measurement");
  });
}

function stopped(during: string): FailureError {
  return new FailureError({
    code: "stopped",
    signal: "SIGINT",
    environment: "demo",
    during,
    next: ["npm run demo", "npm run demo -- --destroy"],
  });
}
