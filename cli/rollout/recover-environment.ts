import { readPause } from "../adapters/pause-mark.ts";
import { recoverState } from "../adapters/recover-state.ts";
import { withRolloutLock } from "../adapters/rollout-lock.ts";
import { RolloutRecords, unfinished } from "../adapters/rollout-records.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import type { Session } from "../adapters/session.ts";
import { sweepOrphans } from "../adapters/sweep-orphans.ts";
import { isBeingDestroyed } from "./destroy-environment.ts";
import { defaultWindowSeconds } from "./gate.ts";
import type { RecoveryFinding } from "./recovery-findings.ts";
import { runSteps, type RolloutReport } from "./run-steps.ts";
import { settleData } from "./settle-data.ts";
import { startingFrom } from "./take-over.ts";

/** What `recover --json` prints. */
export interface RecoverReport {
  readonly schema: "shopctl.recover/1";
  readonly environment: string;
  readonly dryRun: boolean;
  /** What was found before anything was done, and what is done about it. */
  readonly findings: readonly RecoveryFinding[];
  /** The copy that replaced a damaged state; undefined when the state was sound. */
  readonly restoredState: { readonly file: string; readonly savedAt: string } | undefined;
  /** Whether its processes were started again because none of them was supervised any more. */
  readonly started: boolean;
  /** Safety backup of what a killed `backup restore` had replaced; undefined when none was killed. */
  readonly finishedRestore: string | undefined;
  /** What ran or lay around without a resource in the state. */
  readonly removed: readonly string[];
  /** What lay half-moved or not where the stack has it, and was brought there. */
  readonly settled: readonly string[];
  /** How a step that a killed run had left was gone on with. */
  readonly wentOn: RolloutReport["takenOver"];
}

/** Does what the findings say, in this order: state, processes, restore, leftovers, the step that was left half-way, data. */
export async function recoverEnvironment(
  session: Session,
  findings: readonly RecoveryFinding[],
): Promise<RecoverReport> {
  const { environment } = session;
  const target = await session.target();
  const { name, paths } = environment;
  const repair = async () => {
    const restoredState = await recoverState(session);
    const repaired = await target.repair();
    return { restoredState, ...repaired, removed: await sweepOrphans(session, { isAsked: true }) };
  };
  const done = await withRolloutLock(paths.root, `recover --env ${name}`, repair, { everyHostIsThis: true });
  const wentOn = await goOn(session);
  const settled = await withRolloutLock(paths.root, `recover --env ${name}`, () => settleData(session));
  return {
    schema: "shopctl.recover/1",
    environment: name,
    dryRun: false,
    findings,
    ...done,
    wentOn,
    settled: settled ?? [],
  };
}

/** Brings a half-made step, or an update beside the steps, to an end; a paused rollout is left for `scale resume`. */
async function goOn(session: Session): Promise<RolloutReport["takenOver"]> {
  const { name, paths } = session.environment;
  const left = await unfinished(await new RolloutRecords(paths.root).list());
  const { topology, pendingOperations } = await readRunningState(session);
  if (topology === undefined || isBeingDestroyed(session)) return undefined;
  if ((await readPause(paths.root)) !== undefined) return undefined;
  if (left === undefined && topology.release?.canary === undefined && pendingOperations === 0) return undefined;
  const from = startingFrom(left, topology);
  const { usdPerMonth } = session.priceOf(from);
  const nothing = { steps: [], nothingToDo: [], usdPerMonthNow: usdPerMonth, usdPerMonthAfter: usdPerMonth };
  const { takenOver } = await runSteps(session, from, nothing, {
    direction: left?.direction ?? "apply",
    command: `recover --env ${name}`,
    windowSeconds: defaultWindowSeconds,
  });
  return takenOver;
}
