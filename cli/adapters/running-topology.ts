import { EngineError, type UntypedDeployment } from "../../infra/engine/engine.ts";
import { releaseHashSchema } from "../../infra/topology/release-choice.ts";
import { topologySchema, type Topology } from "../../infra/topology/topology.ts";
import type { Session } from "./session.ts";

/** What the state says, without starting engine or program where the state is a folder on this machine. */
export interface RunningState {
  /** Topology of the last finished update; undefined for an environment that was never deployed. */
  readonly topology: Topology | undefined;
  /** Operations that were begun and never answered: an update was killed. */
  readonly pendingOperations: number;
  readonly resources: number;
}

/** Reads topology and completeness from the stack's state. Throws EngineError `state-corrupt`. */
export async function readRunningState(session: Session): Promise<RunningState> {
  const deployment = await readDeployment(session);
  const resources = deployment?.deployment.resources ?? [];
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const output = root?.outputs?.["topology"];
  return {
    topology: output === undefined ? undefined : withRelease(topologySchema.parse(output), root?.outputs?.["release"]),
    pendingOperations: deployment?.deployment.pending_operations?.length ?? 0,
    resources: resources.length,
  };
}

/** A stack from before releases were chosen says beside its topology which one runs: scaling must not change it. */
function withRelease(topology: Topology, output: unknown): Topology {
  const stable = releaseHashSchema.safeParse(output);
  return topology.release === undefined && stable.success
    ? { ...topology, release: { stable: stable.data } }
    : topology;
}

/** The stack's deployment; undefined when there is none. */
export async function readDeployment(session: Session): Promise<UntypedDeployment | undefined> {
  const { stack } = session;
  if (stack.backendUrl.startsWith("file://")) {
    const { StateBackend } = await import("../../infra/engine/embedded/state-backend.ts");
    return await new StateBackend(stack).load();
  }
  try {
    return await (await session.engine()).exportState(stack);
  } catch (error) {
    if (error instanceof EngineError && error.code === "no-such-stack") return undefined;
    throw error;
  }
}
