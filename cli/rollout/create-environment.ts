import type { EngineEvent, StackReference } from "../../infra/engine/engine.ts";
import type { Environment } from "../../infra/environment/environment.ts";
import { initialiseStack } from "../../infra/environment/stack.ts";
import { listEnvironments, removeEnvironment, stateHome } from "../../infra/environment/store.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { RolloutLock } from "../adapters/rollout-lock.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import { openSession, sessionOf, type Session } from "../adapters/session.ts";
import { StopSignal } from "../adapters/stop-signal.ts";
import { FailureError, type Failure } from "../errors/failure.ts";
import { toFailure } from "../errors/to-failure.ts";
import { destroyEnvironment } from "./destroy-environment.ts";
import { fillShop, isFilled, type ShopSize } from "./fill-shop.ts";
import { missingState } from "../adapters/missing-state.ts";
import { refuseForeignState } from "./foreign-state.ts";

const help = "shopctl env create --help";

/** What is made anew where there is none of the name. */
export interface NewShop {
  readonly name: string;
  readonly topology: Topology;
  /** What it runs from then on, whatever is built later, until somebody deploys. */
  readonly release: string;
  /** Writes the environment down; starts nothing. */
  readonly make: (home: string) => Promise<Environment>;
}

export interface CreateOptions {
  /** Command line without the program: what goes on with a creation that was killed. */
  readonly command: string;
  /** What to fill the shop with, once it runs. */
  readonly fill: ShopSize | undefined;
  readonly onEvent: (event: EngineEvent) => void;
  readonly onFill: (size: ShopSize) => void;
  readonly onStop: () => void;
  /** A failed creation is taken away again unless somebody wants to look at it. */
  readonly keepFailed: boolean;
}

/**
 * Makes an environment, brings its topology up and fills its shop. A creation that was killed goes on, a complete
 * environment whose shop was never filled is filled; whatever was there before this call is never removed. Throws
 * FailureError `already-exists` for an environment with nothing left to do, `state-missing` for one that runs unknown to
 * the backend.
 */
export async function createAndDeploy(
  wish: NewShop,
  options: CreateOptions,
): Promise<{ readonly session: Session; readonly topology: Topology }> {
  const { name, topology, release } = wish;
  const { session, made } = await openOrMake(wish);
  const { environment } = session;
  const lock = await RolloutLock.acquire(environment.paths.root, options.command);
  const stop = new StopSignal(options.onStop);
  try {
    const running = made ? undefined : await whatRuns(session);
    if (running !== undefined && (options.fill === undefined || isFilled(environment)))
      throw new FailureError({ code: "already-exists", environment: name });
    const wanted = { ...topology, release: { stable: release } };
    if (running === undefined) await deploy({ session, made, stop }, wanted, options);
    if (options.fill !== undefined) await fill(session, options.fill, { ...options, stop });
    return { session, topology: running ?? wanted };
  } finally {
    stop.close();
    await lock.release();
  }
}

async function openOrMake({ name, make }: NewShop): Promise<{ readonly session: Session; readonly made: boolean }> {
  const home = stateHome(process.env);
  const there = (await listEnvironments(home)).some((environment) => environment.name === name);
  return there
    ? { session: await openSession(name), made: false }
    : { session: sessionOf(await make(home)), made: true };
}

/** Topology of an environment that was there before; undefined when its creation never finished. */
async function whatRuns(session: Session): Promise<Topology | undefined> {
  const state = await readRunningState(session);
  const missing = await missingState(session, state);
  if (missing !== undefined) throw missing;
  return state.topology;
}

async function deploy(
  { session, made, stop }: { readonly session: Session; readonly made: boolean; readonly stop: StopSignal },
  topology: Topology,
  options: CreateOptions,
): Promise<void> {
  const { environment } = session;
  const stack = await prepare({ session, made }, topology, options.command);
  try {
    if ((await readRunningState(session)).resources === 0) await (await session.target()).assertCreatable();
    const engine = await session.engine();
    await engine.up(stack, { message: "create", onEvent: options.onEvent, signal: stop.signal });
  } catch (error) {
    if (stop.name !== undefined) throw stopped(environment.name, stop.name, options.command);
    if (!made) throw leftAsItIs(error, environment.name, options.command);
    if (options.keepFailed) throw leftAsItIs(error, environment.name, options.command, "kept");
    await takeAway(session);
    throw takenAway(error, environment.name, options.command);
  }
  if (stop.name !== undefined) throw stopped(environment.name, stop.name, options.command);
}

/** Project and configuration of the stack. What fails here is not destroyed by an engine: the stack may be somebody else's. */
async function prepare(
  { session, made }: { readonly session: Session; readonly made: boolean },
  topology: Topology,
  command: string,
): Promise<StackReference> {
  const { environment } = session;
  try {
    const engine = await session.engine();
    const stack = await initialiseStack(environment, topology, (of, secrets) => engine.setSecrets(of, secrets));
    if (made) await refuseForeignState(session);
    return stack;
  } catch (error) {
    if (!made) throw leftAsItIs(error, environment.name, command);
    await removeEnvironment(environment);
    throw error;
  }
}

async function fill(
  session: Session,
  size: ShopSize,
  { onFill, stop, command }: Pick<CreateOptions, "onFill" | "command"> & { readonly stop: StopSignal },
): Promise<void> {
  const { environment } = session;
  onFill(size);
  try {
    await fillShop(session, size);
  } catch (error) {
    if (stop.name !== undefined) throw stopped(environment.name, stop.name, command);
    throw leftAsItIs(error, environment.name, command);
  }
}

/**
 * Only ever of an environment that this call made. Best effort: the reason for the failure matters more than what could
 * not be removed, which `env destroy` removes.
 */
async function takeAway(session: Session): Promise<void> {
  await destroyEnvironment(session, { onEvent: () => undefined }).catch(() => undefined);
}

/** The failure with the ways on: nothing is removed that another call made. */
function leftAsItIs(
  error: unknown,
  environment: string,
  command: string,
  left: "of-earlier-run" | "kept" = "of-earlier-run",
): FailureError {
  const cause = toFailure(error, { environment, help });
  const next = waysOn(environment, command);
  return new FailureError({ code: "creation-left", environment, left, cause, next }, { cause: error });
}

/** What is seen before anything is started: there would be nothing to look at, and the remedy is known. */
const seenBefore: readonly string[] = ["component-missing", "port-in-use", "no-disk"] satisfies Failure["code"][];

/** The failure of what is gone again: to look at it, it has to be made once more and kept. */
function takenAway(error: unknown, environment: string, command: string): FailureError {
  const cause = toFailure(error, { environment, help });
  const kept = `shopctl ${command} --keep-failed   (leaves what fails, for \`shopctl logs\`)`;
  const next = seenBefore.includes(cause.code) ? [] : [kept];
  return new FailureError({ code: "creation-left", environment, left: "nothing", cause, next }, { cause: error });
}

function stopped(environment: string, signal: "SIGINT" | "SIGTERM", command: string): FailureError {
  const next = waysOn(environment, command);
  return new FailureError({ code: "stopped", signal, environment, during: "env create", next });
}

function waysOn(environment: string, command: string): readonly string[] {
  return [`shopctl ${command}   (goes on)`, `shopctl env destroy ${environment}`];
}
