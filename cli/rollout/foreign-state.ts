import { readRunningState } from "../adapters/running-topology.ts";
import type { Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";

/**
 * Throws FailureError `policy` when the backend has a state for the name of a new environment already: that of another
 * machine or home, whose shop an update, or the removal of a failed creation, would destroy.
 */
export async function refuseForeignState(session: Session): Promise<void> {
  const { resources, pendingOperations } = await readRunningState(session);
  if (resources === 0 && pendingOperations === 0) return;
  throw new FailureError({
    code: "policy",
    what: `The state backend has a stack "${session.environment.name}" that is not of this home`,
    why: "an environment made here would take over its resources",
    next: ["shopctl env create ANOTHER-NAME", "shopctl env destroy, where that environment was made"],
  });
}
