import { restoreLastGoodState } from "../../infra/engine/embedded/state-backend.ts";
import { EngineError } from "../../infra/engine/engine.ts";
import { missingState } from "./missing-state.ts";
import { readRunningState } from "./running-topology.ts";
import type { Session } from "./session.ts";

/**
 * Replaces a damaged or lost state by its last sound copy; undefined when it is sound. Without a copy throws EngineError
 * `state-corrupt`, or FailureError `state-missing`: nothing can be told from what no resource owns then.
 */
export async function recoverState(
  session: Session,
): Promise<{ readonly file: string; readonly savedAt: string } | undefined> {
  try {
    const missing = await missingState(session, await readRunningState(session));
    if (missing === undefined) return undefined;
    return await restoreLastGoodState(session.stack).catch(() => {
      throw missing;
    });
  } catch (error) {
    if (!(error instanceof EngineError && error.code === "state-corrupt")) throw error;
    return await restoreLastGoodState(session.stack);
  }
}
