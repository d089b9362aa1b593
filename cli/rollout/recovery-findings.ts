import { readPause } from "../adapters/pause-mark.ts";
import { lockHolder } from "../adapters/rollout-lock.ts";
import { RolloutRecords, unfinished } from "../adapters/rollout-records.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import type { Session } from "../adapters/session.ts";
import { readLeftovers } from "../adapters/sweep-orphans.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { EngineError, type LockHolder } from "../../infra/engine/engine.ts";
import { FailureError } from "../errors/failure.ts";
import { missingState } from "../adapters/missing-state.ts";
import { isBeingDestroyed } from "./destroy-environment.ts";
import { takeOver } from "./take-over.ts";

/** Something that a crash or a killed run left, and what recovery does about it. */
export interface RecoveryFinding {
  readonly kind:
    "state" | "lock" | "processes" | "restore" | "pending-operations" | "leftover" | "data" | "step" | "canary";
  readonly what: string;
  readonly remedy: string;
}

/**
 * What recovery would do, from what can be read without changing anything. Throws FailureError `locked` while a process is at
 * work: what it has begun is no debris.
 */
export async function recoveryFindings(session: Session): Promise<readonly RecoveryFinding[]> {
  const { environment } = session;
  const holder = await lockHolder(environment.paths.root);
  // Whether one on another machine lives nobody can tell here: who asks for recovery says that it does not.
  if (holder?.alive === true && holder.host === undefined)
    throw new FailureError({ code: "locked", environment: environment.name, holder });
  const target = await session.target();
  return [...locksOf(holder), ...(await target.findDamage()), ...(await inState(session))];
}

function locksOf(holder: LockHolder | undefined): readonly RecoveryFinding[] {
  if (holder === undefined) return [];
  const { pid, host, command } = holder;
  const where = host === undefined ? ", which is gone" : ` on ${host}`;
  return [{ kind: "lock", what: `the lock of process ${pid}${where} (${command})`, remedy: "take it over" }];
}

function remedyOfPending(session: Session, topology: Topology | undefined): string {
  if (isBeingDestroyed(session)) return "nothing: `shopctl env destroy` goes on with them";
  if (topology === undefined) return "nothing: `shopctl env create` goes on with them";
  return "do them again; each adopts what it finds";
}

/** What only a readable state can tell. */
async function inState(session: Session): Promise<readonly RecoveryFinding[]> {
  const damage = await damageOf(session);
  if (damage !== undefined) return [{ kind: "state", what: damage, remedy: "put its last sound copy back" }];
  const { topology, pendingOperations } = await readRunningState(session);
  const left = await unfinished(await new RolloutRecords(session.environment.paths.root).list());
  const isPaused = (await readPause(session.environment.paths.root)) !== undefined;
  const leftovers = (await readLeftovers(session)).map(({ kind, name }): RecoveryFinding => ({
    kind: "leftover",
    what: `${kind} ${name}`,
    remedy: "remove it: nothing owns it",
  }));
  return [
    ...(pendingOperations === 0
      ? []
      : [
          {
            kind: "pending-operations" as const,
            what: `${pendingOperations} resource operations have no result`,
            remedy: remedyOfPending(session, topology),
          },
        ]),
    ...leftovers,
    ...(topology === undefined || left !== undefined ? [] : await unsettledIn(session, topology)),
    ...(left === undefined && topology?.release?.canary !== undefined
      ? [
          {
            kind: "canary" as const,
            what: `a deployment ended with ${topology.release.canary.release} as a canary`,
            remedy: "take it back: every instance runs the release of before",
          },
        ]
      : []),
    ...(left === undefined || topology === undefined
      ? []
      : [
          {
            kind: "step" as const,
            what: `${left.direction === "apply" ? "step" : "the rollback of"} ${left.step} ended in the middle (${left.stage})`,
            remedy: isPaused
              ? `nothing: it is paused; \`shopctl scale resume --env ${session.environment.name}\` first`
              : remedyOf(takeOver(left, topology, []).kind),
          },
        ]),
  ];
}

/** Data that no half-made step is about. */
async function unsettledIn(session: Session, topology: Topology): Promise<readonly RecoveryFinding[]> {
  const target = await session.target();
  return (await target.findUnsettledData(topology)).map(({ what, remedy }) => ({ kind: "data", what, remedy }));
}

function remedyOf(kind: ReturnType<typeof takeOver>["kind"]): string {
  if (kind === "finish") return "prove and gate it, or take it back";
  return kind === "settle" ? "settle on the topology that was left, by one update" : "nothing: it had not begun";
}

/** Why the state cannot be read; undefined for a sound one. */
async function damageOf(session: Session): Promise<string | undefined> {
  try {
    const missing = await missingState(session, await readRunningState(session));
    return missing === undefined ? undefined : "the state is missing";
  } catch (error) {
    if (error instanceof EngineError && error.code === "state-corrupt") return `the state is damaged: ${error.message}`;
    if (error instanceof FailureError) return "the state is missing";
    throw error;
  }
}
