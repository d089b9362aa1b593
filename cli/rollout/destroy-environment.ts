import { EngineError, type EngineEvent } from "../../infra/engine/engine.ts";
import { withRolloutLock } from "../adapters/rollout-lock.ts";
import type { Session } from "../adapters/session.ts";

/** Destroys every resource of an environment, then its stack, history, data and folder. */
export async function destroyEnvironment(
  session: Session,
  options: { readonly onEvent: (event: EngineEvent) => void },
): Promise<void> {
  const { stack, environment } = session;
  const engine = await session.engine();
  try {
    await engine.destroy(stack, { message: "destroy", onEvent: options.onEvent });
    await engine.removeStack(stack);
  } catch (error) {
    // Killed before its first update: there is no state, only the folder.
    if (!(error instanceof EngineError && error.code === "no-such-stack")) throw error;
  }
  const { removeEnvironmentFiles } = await import("../../infra/local/operations/teardown.ts");
  await removeEnvironmentFiles(environment);
}

/** The same under the environment's lock, which goes with its folder. */
export async function destroyUnderLock(
  session: Session,
  options: { readonly onEvent: (event: EngineEvent) => void },
): Promise<void> {
  const { name, paths } = session.environment;
  await withRolloutLock(paths.root, `env destroy ${name}`, () => destroyEnvironment(session, options));
}
