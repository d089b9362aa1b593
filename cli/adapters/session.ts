import type { Engine, StackReference } from "../../infra/engine/engine.ts";
import type { Environment } from "../../infra/environment/environment.ts";
import { listEnvironments, loadEnvironment, stateHome } from "../../infra/environment/store.ts";
import { stackOf } from "../../infra/environment/stack.ts";
import type { Target } from "../../infra/target.ts";
import { FailureError } from "../errors/failure.ts";

/** An environment and what works on it; engine and target load when they are first used. */
export interface Session {
  readonly environment: Environment;
  readonly stack: StackReference;
  engine(): Promise<Engine>;
  target(): Promise<Target>;
}

/** Opens the environment of a name, or the only one there is. Throws FailureError when there is none or several. */
export async function openSession(name: string | undefined): Promise<Session> {
  const environment = await findEnvironment(name);
  let engine: Promise<Engine> | undefined;
  let target: Promise<Target> | undefined;
  return {
    environment,
    stack: stackOf(environment),
    engine: () => (engine ??= loadEngine()),
    target: () => (target ??= loadTarget()),
  };
}

async function findEnvironment(name: string | undefined): Promise<Environment> {
  const home = stateHome(process.env);
  const known = (await listEnvironments(home)).map((environment) => environment.name);
  const [only] = known;
  if (name === undefined && (only === undefined || known.length > 1)) {
    throw new FailureError({ code: "which-environment", known });
  }
  const wanted = name ?? only ?? "";
  if (!known.includes(wanted)) throw new FailureError({ code: "no-such-environment", environment: wanted, known });
  return await loadEnvironment(home, wanted);
}

async function loadEngine(): Promise<Engine> {
  const { selectEngine } = await import("../../infra/engine/select-engine.ts");
  return await selectEngine(process.env);
}

async function loadTarget(): Promise<Target> {
  const { localTarget } = await import("../../infra/local/local-target.ts");
  return localTarget;
}
