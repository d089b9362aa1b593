import type { LockHolder } from "../../infra/engine/engine.ts";
import { shopUrl } from "../../infra/environment/environment.ts";
import { splitRelease, withoutCanary, type ReleaseChoice } from "../../infra/topology/release-choice.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { lockHolder } from "../adapters/rollout-lock.ts";
import { readPause, type PauseMark } from "../adapters/pause-mark.ts";
import { RolloutRecords, unfinished } from "../adapters/rollout-records.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import type { Session } from "../adapters/session.ts";
import { steps, type StepId } from "../phases/index.ts";
import { roundCents } from "../planning/cost.ts";
import { isDeployMove } from "../planning/deploy-moves.ts";
import type { Direction, MoveId } from "../planning/plan-steps.ts";
import { unmetNeeds } from "../planning/prerequisites.ts";
import { noTopology } from "../adapters/missing-state.ts";
import type { Stage, StepRecord } from "./step-record.ts";

export interface StepStatus {
  readonly id: StepId;
  readonly phase: number;
  readonly title: string;
  readonly done: boolean;
  /** Steps that must be done first and are not; empty for a done step. */
  readonly blockedBy: readonly StepId[];
  /** What it adds to the bill once the steps before it are done, as a plan of them says; of a done step, what it added. */
  readonly usdPerMonthAdded: number;
}

/** What `scale status --json` prints. */
export interface StatusReport {
  readonly schema: "shopctl.scale.status/1";
  readonly environment: string;
  readonly url: string;
  readonly topology: Omit<Topology, "release">;
  /** Builds of the shop that run; a canary only during a deployment. */
  readonly release: ReleaseChoice | undefined;
  readonly usdPerMonth: number;
  readonly steps: readonly StepStatus[];
  readonly atWork?: LockHolder;
  readonly unfinished?: { readonly step: MoveId; readonly direction: Direction; readonly stage: Stage };
  /** `requested` while the run still works on its step, `held` once it waits; a run that was killed meanwhile stays paused. */
  readonly paused?: { readonly state: "requested" | "held"; readonly since: string; readonly before?: string };
  readonly pendingOperations: number;
  readonly nextActions: readonly string[];
}

/** Where an environment stands, from its state and records alone: nothing is started, nobody is asked. */
export async function statusReport(session: Session): Promise<StatusReport> {
  const { environment, priceOf } = session;
  const { name, paths } = environment;
  const [state, holder, records, pause] = await Promise.all([
    readRunningState(session),
    lockHolder(paths.root),
    new RolloutRecords(paths.root).list(),
    readPause(paths.root),
  ]);
  const { topology, pendingOperations } = state;
  if (topology === undefined) throw await noTopology(session, state);
  const left = await unfinished(records);
  const stepStatuses = statusesOf(withoutCanary(topology), priceOf);
  return {
    schema: "shopctl.scale.status/1",
    environment: name,
    url: shopUrl(environment),
    ...splitRelease(topology),
    usdPerMonth: priceOf(topology).usdPerMonth,
    steps: stepStatuses,
    ...(holder?.alive === true ? { atWork: holder } : {}),
    ...(left === undefined ? {} : { unfinished: { step: left.step, direction: left.direction, stage: left.stage } }),
    ...(pause === undefined ? {} : { paused: pausedOf(pause) }),
    pendingOperations,
    nextActions: [
      ...(pause === undefined ? [] : [`shopctl scale resume --env ${name}`]),
      ...(left === undefined ? nextActions(name, stepStatuses) : [takeOverCommand(name, left)]),
    ],
  };
}

/** Every step where it stands in the road: done ones are priced on the way back, the others on the way ahead. */
export function statusesOf(topology: Topology, priceOf: Session["priceOf"]): readonly StepStatus[] {
  const usdAdded = new Map<StepId, number>();
  const note = (id: StepId, without: Topology, withStep: Topology): void => {
    usdAdded.set(id, roundCents(priceOf(withStep).usdPerMonth - priceOf(without).usdPerMonth));
  };
  let behind = topology;
  for (const step of steps.toReversed().filter(({ isDone }) => isDone(topology))) {
    const without = step.revert(behind);
    note(step.id, without, behind);
    behind = without;
  }
  let ahead = topology;
  for (const step of steps.filter(({ isDone }) => !isDone(topology))) {
    const withStep = step.apply(ahead);
    note(step.id, ahead, withStep);
    ahead = withStep;
  }
  return steps.map((step) => {
    const done = step.isDone(topology);
    const refusal = done ? undefined : unmetNeeds(step, topology);
    return {
      id: step.id,
      phase: step.phase,
      title: step.title,
      done,
      blockedBy: refusal?.kind === "blocked" ? refusal.by.map(({ step: id }) => id) : [],
      usdPerMonthAdded: usdAdded.get(step.id) ?? 0,
    };
  });
}

function pausedOf({ requestedAt, heldSince, before }: PauseMark): StatusReport["paused"] & object {
  if (heldSince === undefined) return { state: "requested", since: requestedAt };
  return { state: "held", since: heldSince, ...(before === undefined ? {} : { before }) };
}

function nextActions(environment: string, statuses: readonly StepStatus[]): readonly string[] {
  const next = statuses.find(({ done }) => !done);
  if (next === undefined) return [`shopctl scale verify --env ${environment}`];
  return [
    `shopctl scale recommend --env ${environment}`,
    `shopctl scale plan --env ${environment} --phase ${next.phase}`,
  ];
}

/** The command that takes an unfinished step over. */
export function takeOverCommand(environment: string, { direction, step, stage, command }: StepRecord): string {
  // Applied again it would be tried once more; what was on its way back is to be back.
  if (stage === "back") return `shopctl recover --env ${environment}`;
  // Without its --build it would deploy another one.
  if (isDeployMove(step))
    return `shopctl ${command ?? `deploy ${direction === "apply" ? "" : "rollback "}--env ${environment}`}`;
  return `shopctl scale ${direction} --env ${environment} --step ${step}`;
}
