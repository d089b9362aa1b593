import type { Engine, StackReference } from "../../infra/engine/engine.ts";
import type { Environment, LocalEnvironment } from "../../infra/environment/environment.ts";
import { listEnvironments, loadEnvironment, stateHome } from "../../infra/environment/store.ts";
import { adoptStack, stackOf } from "../../infra/environment/stack.ts";
import type { Target } from "../../infra/target.ts";
import { FailureError } from "../errors/failure.ts";
import { lockHolder } from "./rollout-lock.ts";
import { priceOn, type PriceOf } from "../planning/cost.ts";

/** An environment and what works on it; engine and target load when they are first used. */
export interface Session {
  readonly environment: Environment;
  readonly stack: StackReference;
  /** What a topology costs where the environment runs. */
  readonly priceOf: PriceOf;
  engine(): Promise<Engine>;
  target(): Promise<Target>;
}

/** One whose environment runs on this machine. */
export type LocalSession = Session & { readonly environment: LocalEnvironment };

/** Opens the environment of a name, or the only one there is. Throws FailureError when there is none or several. */
export async function openSession(name: string | undefined): Promise<Session> {
  return sessionOf(await findEnvironment(name));
}

/** The session of an environment that is known. */
export function sessionOf(environment: Environment): Session {
  const stack = stackOf(environment);
  let engine: Promise<Engine> | undefined;
  let target: Promise<Target> | undefined;
  const openEngine = (): Promise<Engine> => (engine ??= engineOf(environment));
  const outputs = async (): Promise<Readonly<Record<string, unknown>>> => (await openEngine()).outputs(stack);
  return {
    environment,
    stack,
    priceOf: priceOn(environment.target),
    engine: openEngine,
    target: () => (target ??= loadTarget(environment, outputs)),
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

async function engineOf(environment: Environment): Promise<Engine> {
  const engine = await loadEngine(environment);
  // A run that is at work goes on with what it began with.
  const holder = await lockHolder(environment.paths.root);
  if (holder?.alive !== true || holder.pid === process.pid) await adoptStack(environment);
  return engine;
}

async function loadEngine({ target }: Environment): Promise<Engine> {
  const { selectEngine } = await import("../../infra/engine/select-engine.ts");
  if (target === "local") return await selectEngine(process.env);
  const [{ notEmbedded }, { requireAwsCredentials }] = await Promise.all([
    import("../../infra/aws/stand-in.ts"),
    import("./aws-credentials.ts"),
  ]);
  const engine = await selectEngine(process.env, { notEmbedded: notEmbedded(process.env) });
  await requireAwsCredentials();
  return engine;
}

async function loadTarget(
  environment: Environment,
  outputs: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<Target> {
  if (environment.target === "local") {
    const { localTarget } = await import("../../infra/local/local-target.ts");
    return localTarget(environment);
  }
  const { awsTarget } = await import("../../infra/aws/aws-target.ts");
  return awsTarget(environment, outputs);
}
