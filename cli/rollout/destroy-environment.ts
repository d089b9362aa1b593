import { rm } from "node:fs/promises";
import { EngineError, type EngineEvent, type StackReference } from "../../infra/engine/engine.ts";
import { withRolloutLock } from "../adapters/rollout-lock.ts";
import { withoutSecrets } from "../adapters/missing-state.ts";
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

/**
 * Removes an environment whose state or passphrase cannot be read, without asking its engine: its state where the backend
 * is a folder, its processes, data and files. Returns the backend whose state is left, if it is.
 */
export async function destroyByForce({ stack, environment }: Session): Promise<string | undefined> {
  const { name, paths } = environment;
  return await withRolloutLock(paths.root, `env destroy ${name} --force`, async () => {
    const inFolder = stack.backendUrl.startsWith("file://");
    if (inFolder) await removeState(stack);
    const { removeEnvironmentFiles } = await import("../../infra/local/operations/teardown.ts");
    await removeEnvironmentFiles(environment);
    return inFolder ? undefined : withoutSecrets(stack.backendUrl);
  });
}

async function removeState(stack: StackReference): Promise<void> {
  const { StateBackend } = await import("../../infra/engine/embedded/state-backend.ts");
  const backend = new StateBackend(stack);
  await backend.remove();
  // What `recover` puts aside.
  await rm(`${backend.paths.checkpoint}.damaged`, { force: true });
}
