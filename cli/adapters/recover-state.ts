import { restoreLastGoodState } from "../../infra/engine/embedded/state-backend.ts";
import { EngineError } from "../../infra/engine/engine.ts";
import { readRunningState } from "./running-topology.ts";
import type { Session } from "./session.ts";

/** Replaces a damaged state by its last sound copy; undefined when there was no damage. Throws EngineError without a copy. */
export async function recoverState(
  session: Session,
): Promise<{ readonly file: string; readonly savedAt: string } | undefined> {
  try {
    await readRunningState(session);
    return undefined;
  } catch (error) {
    if (!(error instanceof EngineError && error.code === "state-corrupt")) throw error;
    return await restoreLastGoodState(session.stack);
  }
}
