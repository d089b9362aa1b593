import { configureTopology } from "../../infra/environment/stack.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import type { Session } from "../adapters/session.ts";
import { throughSignals } from "../adapters/stop-signal.ts";

/**
 * One update of the stack to what `configure` asks for, beside the steps; the caller holds the lock. When it fails the stack is configured to
 * `before` again; signals do not leave it half-way. Gives the seconds that it took.
 */
export async function oneUpdate(
  { environment, stack, ...session }: Session,
  { before, message }: { readonly before: Topology; readonly message: string },
  configure: () => Promise<void>,
): Promise<number> {
  const startedAt = performance.now();
  await throughSignals(async () => {
    try {
      await configure();
      const engine = await session.engine();
      await engine.up(stack, { message });
    } catch (error) {
      await configureTopology(environment, before);
      throw error;
    }
  });
  return Math.round((performance.now() - startedAt) / 100) / 10;
}
