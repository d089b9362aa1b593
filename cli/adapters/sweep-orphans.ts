import type { Session } from "./session.ts";

/** Frees the stack from a dead engine's lock and removes what no resource of the state owns; says what that was. */
export async function sweepOrphans(session: Session): Promise<readonly string[]> {
  const { environment, stack } = session;
  const [engine, { findOrphans, removeOrphans }] = await Promise.all([
    session.engine(),
    import("../../infra/local/operations/orphans.ts"),
  ]);
  await engine.cancel(stack);
  const state = await engine.exportState(stack);
  const orphans = await findOrphans(environment, state.deployment.resources ?? []);
  await removeOrphans(environment, orphans);
  return orphans.map(({ kind, name }) => `${kind} ${name}`);
}
