import type { Orphan } from "../../infra/local/operations/orphans.ts";
import type { Session } from "./session.ts";

/** Frees the stack from a dead engine's lock and removes what no resource of the state owns; says what that was. */
export async function sweepOrphans(session: Session): Promise<readonly string[]> {
  const { environment, stack } = session;
  const [engine, { removeOrphans }] = await Promise.all([
    session.engine(),
    import("../../infra/local/operations/orphans.ts"),
  ]);
  await engine.cancel(stack);
  const orphans = await readLeftovers(session);
  await removeOrphans(environment, orphans);
  return orphans.map(({ kind, name }) => `${kind} ${name}`);
}

/** What no resource of the state owns; changes nothing. */
export async function readLeftovers(session: Session): Promise<readonly Orphan[]> {
  const { environment, stack } = session;
  const [engine, { findOrphans }] = await Promise.all([
    session.engine(),
    import("../../infra/local/operations/orphans.ts"),
  ]);
  const state = await engine.exportState(stack);
  return await findOrphans(environment, state.deployment.resources ?? []);
}
