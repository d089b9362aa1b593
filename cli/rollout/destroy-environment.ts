import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EngineError, type EngineEvent, type StackReference } from "../../infra/engine/engine.ts";
import { writeDurably } from "../../infra/engine/write-durably.ts";
import { withRolloutLock } from "../adapters/rollout-lock.ts";
import { withoutSecrets } from "../adapters/missing-state.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import type { Session } from "../adapters/session.ts";

/** Destroys every resource of an environment, then its stack, history, data and folder. */
export async function destroyEnvironment(
  session: Session,
  options: { readonly onEvent: (event: EngineEvent) => void },
): Promise<void> {
  const { stack } = session;
  const [engine, target] = await Promise.all([session.engine(), session.target()]);
  try {
    await unprotect(session, options);
    await engine.destroy(stack, { message: "destroy", onEvent: options.onEvent });
    await engine.removeStack(stack);
  } catch (error) {
    // Killed before its first update: there is no state, only the folder.
    if (!(error instanceof EngineError && error.code === "no-such-stack")) throw error;
  }
  await target.removeFiles();
}

/** An update of its own where the target guards what it has against a slip; of a stack without resources there is nothing to guard. */
async function unprotect(
  session: Session,
  { onEvent }: { readonly onEvent: (event: EngineEvent) => void },
): Promise<void> {
  const config = await (await session.target()).unprotect();
  if (config === undefined || (await readRunningState(session)).topology === undefined) return;
  const { setConfig } = await import("../../infra/engine/project-files.ts");
  await setConfig(session.stack, Object.fromEntries(Object.entries(config).map(([key, value]) => [key, { value }])));
  await (await session.engine()).up(session.stack, { message: "unprotect", onEvent });
}

/** The same under the environment's lock, which goes with its folder. */
export async function destroyUnderLock(
  session: Session,
  options: { readonly onEvent: (event: EngineEvent) => void },
): Promise<void> {
  const { name, paths } = session.environment;
  await withRolloutLock(paths.root, `env destroy ${name}`, async () => {
    await writeDurably(markOf(paths.root), "");
    await destroyEnvironment(session, options);
  });
}

/** Whether its destruction has begun: what is half gone then is not made again. */
export function isBeingDestroyed({ environment }: Session): boolean {
  return existsSync(markOf(environment.paths.root));
}

function markOf(environmentRoot: string): string {
  return join(environmentRoot, "destroying");
}

/**
 * Removes an environment whose state or passphrase cannot be read, without asking its engine: its state where the backend
 * is a folder, its processes, data and files. Returns the backend whose state is left, if it is.
 */
export async function destroyByForce(session: Session): Promise<string | undefined> {
  const { stack, environment } = session;
  const { name, paths } = environment;
  return await withRolloutLock(paths.root, `env destroy ${name} --force`, async () => {
    const inFolder = stack.backendUrl.startsWith("file://");
    if (inFolder) await removeState(stack);
    await (await session.target()).removeFiles();
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
