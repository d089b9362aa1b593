import type { EngineEvent } from "../../infra/engine/engine.ts";
import { assertPortsFree } from "../../infra/environment/choose-ports.ts";
import { initialiseStack } from "../../infra/environment/stack.ts";
import { createEnvironment, listEnvironments, stateHome } from "../../infra/environment/store.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { RolloutLock } from "../adapters/rollout-lock.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import { openSession, type Session } from "../adapters/session.ts";
import { StopSignal } from "../adapters/stop-signal.ts";
import { FailureError } from "../errors/failure.ts";
import { destroyEnvironment } from "./destroy-environment.ts";

export interface CreateOptions {
  readonly command: string;
  readonly onEvent: (event: EngineEvent) => void;
  readonly onStop: () => void;
  /** A failed creation is taken away again unless somebody wants to look at it. */
  readonly keepFailed: boolean;
}

/**
 * Makes an environment and brings its topology up. A creation that was killed goes on; one that fails leaves nothing
 * behind. Throws FailureError `already-exists` for an environment that is complete.
 */
export async function createAndDeploy(name: string, topology: Topology, options: CreateOptions): Promise<Session> {
  const session = await openOrMake(name);
  const { environment } = session;
  const lock = await RolloutLock.acquire(environment.paths.root, options.command);
  const stop = new StopSignal(options.onStop);
  try {
    const stack = await initialiseStack(environment, topology);
    const { resources } = await readRunningState(session);
    if (resources === 0) await assertPortsFree(environment);
    const engine = await session.engine();
    await engine.up(stack, { message: "create", onEvent: options.onEvent, signal: stop.signal });
    return session;
  } catch (error) {
    if (stop.name !== undefined) throw stopped(name, stop.name);
    if (!options.keepFailed) await takeAway(session);
    throw error;
  } finally {
    stop.close();
    await lock.release();
  }
}

async function openOrMake(name: string): Promise<Session> {
  const home = stateHome(process.env);
  const there = (await listEnvironments(home)).some((environment) => environment.name === name);
  if (!there) await createEnvironment({ name, target: "local", home });
  const session = await openSession(name);
  const { topology } = there ? await readRunningState(session) : { topology: undefined };
  if (topology !== undefined) throw new FailureError({ code: "already-exists", environment: name });
  return session;
}

/** Best effort: the reason for the failure matters more than what could not be removed, which `env destroy` removes. */
async function takeAway(session: Session): Promise<void> {
  await destroyEnvironment(session, { onEvent: () => undefined }).catch(() => undefined);
}

function stopped(environment: string, signal: "SIGINT" | "SIGTERM"): FailureError {
  const next = [`shopctl env create ${environment}   (goes on)`, `shopctl env destroy ${environment}`];
  return new FailureError({ code: "stopped", signal, environment, during: "env create", next });
}
