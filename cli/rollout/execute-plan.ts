import type { EngineEvent } from "../../infra/engine/engine.ts";
import { withoutCanary } from "../../infra/topology/release-choice.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { clearPause, readPause } from "../adapters/pause-mark.ts";
import { RolloutLock } from "../adapters/rollout-lock.ts";
import { RolloutRecords, unfinished } from "../adapters/rollout-records.ts";
import { rolloutWorld } from "../adapters/rollout-world.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import type { Session } from "../adapters/session.ts";
import { sweepOrphans } from "../adapters/sweep-orphans.ts";
import { StopSignal } from "../adapters/stop-signal.ts";
import { FailureError } from "../errors/failure.ts";
import type { PlannedStep, StepPlan } from "../planning/plan-steps.ts";
import { diffTopologies } from "../planning/topology-diff.ts";
import type { GateRules } from "./gate.ts";
import { rollOut } from "./roll-out.ts";
import type { RolloutEvent } from "./rollout-event.ts";
import type { StepRecord } from "./step-record.ts";
import { startingFrom, takeOver, type TakeOver } from "./take-over.ts";
import type { RolloutWorld } from "./world.ts";

export interface ExecuteOptions {
  /** Command line without the program, for whoever meets the lock. */
  readonly command: string;
  readonly rules: GateRules;
  readonly report: (event: RolloutEvent | SettleEvent) => void;
  readonly onStop: () => void;
  readonly questions: Pick<RolloutWorld, "decide" | "confirmNoReturn">;
  /** Asked under the lock, before anything is touched; throws FailureError when the plan is not to be carried out. */
  readonly admit?: () => Promise<void>;
}

/** A killed run is tidied up before the first step. */
export type SettleEvent =
  | { readonly kind: "swept"; readonly what: readonly string[] }
  | { readonly kind: "settle-started"; readonly because: string }
  | { readonly kind: "settle-finished" }
  | { readonly kind: "engine"; readonly event: EngineEvent };

export interface Execution {
  readonly records: readonly StepRecord[];
  /** What an earlier run that was killed had left. */
  readonly takenOver: { readonly record: StepRecord; readonly how: TakeOver["kind"] } | undefined;
  readonly stoppedBy: "SIGINT" | "SIGTERM" | undefined;
  /** Whether it was stopped while it held or was asked to: nothing begins until `scale resume`. */
  readonly isPaused: boolean;
}

/**
 * Carries a plan out under the environment's lock, after taking over what a killed run left. Throws FailureError when
 * the environment is no longer as the plan found it; a step that failed stands in the last record.
 */
export async function executePlan(
  session: Session,
  from: Topology,
  plan: StepPlan,
  options: ExecuteOptions,
): Promise<Execution> {
  const { root } = session.environment.paths;
  const lock = await RolloutLock.acquire(root, options.command);
  const stop = new StopSignal(options.onStop);
  try {
    await refusePaused(session);
    await options.admit?.();
    const records = new RolloutRecords(root);
    await records.removeDrafts();
    const left = await unfinished(await records.list());
    const world = closingLeft(left, await rolloutWorld(session, { records, stop, ...options }));
    const { topology = from, pendingOperations } = await readRunningState(session);
    refuseStale(session, from, startingFrom(left, topology));
    if (lock.recovered || left !== undefined || pendingOperations > 0) await sweep(session, options.report);
    const how = takeOver(left, topology, plan.steps, pendingOperations);
    const steps = await tidyUp(how, plan.steps, world, options.report);
    if (left !== undefined && how.kind === "settle") await records.save({ ...left, state: "interrupted" });
    const done = await rollOut(steps, world, options.rules);
    return {
      records: done,
      takenOver: left === undefined ? undefined : { record: left, how: how.kind },
      stoppedBy: stop.name,
      isPaused: stop.name !== undefined && (await readPause(root)) !== undefined,
    };
  } finally {
    stop.close();
    await letGo(root, lock, { staysPaused: stop.name !== undefined });
  }
}

/**
 * Lets go of an environment, and then, unless it `staysPaused`, of a request to hold: whoever asked too late to be heard found
 * the lock still held, or takes the request back.
 */
export async function letGo(
  root: string,
  lock: Pick<RolloutLock, "release">,
  { staysPaused }: { readonly staysPaused: boolean },
): Promise<void> {
  await lock.release();
  // After the last step, or after one that failed, there is nothing to go on with.
  if (!staysPaused) await clearPause(root, { of: process.pid });
}

/**
 * A world that closes what a killed run left once a step of this run leaves its preview: from then on this run's own
 * record says what is half-made, until then nobody has taken over.
 */
export function closingLeft(left: StepRecord | undefined, world: RolloutWorld): RolloutWorld {
  if (left === undefined) return world;
  let open = true;
  const save = async (record: StepRecord): Promise<void> => {
    await world.save(record);
    if (!open || record.stage === "preview") return;
    open = false;
    await world.save({ ...left, state: "interrupted" });
  };
  return { ...world, save };
}

/** What the killed run had started and not yet written into the state is ended before anything is decided. */
async function sweep(session: Session, report: ExecuteOptions["report"]): Promise<void> {
  const what = await sweepOrphans(session);
  if (what.length > 0) report({ kind: "swept", what });
}

async function tidyUp(
  how: TakeOver,
  steps: readonly PlannedStep[],
  world: RolloutWorld,
  report: ExecuteOptions["report"],
): Promise<readonly PlannedStep[]> {
  if (how.kind === "finish") return [how.step, ...steps];
  if (how.kind === "settle") {
    report({ kind: "settle-started", because: how.because });
    await world.update(how.topology, "settle after a run that was killed", { stoppable: false });
    report({ kind: "settle-finished" });
  }
  return steps;
}

/** A run that was killed while it was paused leaves its mark: nobody goes on by accident. */
async function refusePaused({ environment }: Session): Promise<void> {
  const mark = await readPause(environment.paths.root);
  if (mark === undefined) return;
  const { requestedAt: since, command } = mark;
  throw new FailureError({ code: "paused", environment: environment.name, since, command });
}

/** Between the plan that was confirmed and the lock, another run may have come through. */
function refuseStale(session: Session, from: Topology, now: Topology): void {
  // A canary that was left is no news to a plan: it is taken back or taken up.
  const changed = diffTopologies(withoutCanary(from), withoutCanary(now));
  if (changed.length === 0) return;
  throw new FailureError({
    code: "unexpected-changes",
    environment: session.environment.name,
    reason: `since the plan was made, ${changed.map(({ field, to }) => `${field} became ${to}`).join(", ")}`,
  });
}
