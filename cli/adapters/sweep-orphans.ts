import { stackOf } from "../../infra/environment/stack.ts";
import type { Orphan } from "../../infra/target.ts";
import type { Session } from "./session.ts";

/**
 * Frees the stack from a dead engine's lock and removes what no resource of the state owns; says what that was. A backend
 * that is no folder says of no lock whether its holder lives: there only who says `isAsked` frees one.
 */
export async function sweepOrphans(session: Session, { isAsked = false } = {}): Promise<readonly string[]> {
  const { environment, stack } = session;
  const [engine, target] = await Promise.all([session.engine(), session.target()]);
  // A home is one machine's, which may have had another name when its engine was killed; a backend of one's own may not be.
  if (isAsked || stack.backendUrl.startsWith("file://"))
    await engine.cancel(stack, { everyHostIsThis: stack.backendUrl === stackOf(environment, {}).backendUrl });
  const orphans = await readLeftovers(session);
  await target.removeOrphans(orphans);
  return orphans.map(({ kind, name }) => `${kind} ${name}`);
}

/** What no resource of the state owns; changes nothing. */
export async function readLeftovers(session: Session): Promise<readonly Orphan[]> {
  const [engine, target] = await Promise.all([session.engine(), session.target()]);
  const state = await engine.exportState(session.stack);
  return await target.findOrphans(state.deployment.resources ?? []);
}
