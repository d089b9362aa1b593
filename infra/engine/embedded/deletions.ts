import { deleteWaves } from "./delete-waves.ts";
import type { Executor } from "./executor.ts";
import type { OperationContext } from "./operation-context.ts";
import { providerStateOf } from "./provider-registry.ts";
import type { ResourceState } from "./resource-state.ts";

/**
 * Deletes resources of the old state, dependents first, what is independent side by side. Stops at the first failure,
 * also of a write of the state: what could not be recorded as deleted may still need what it depends on.
 */
export async function deleteAll(
  context: OperationContext,
  executor: Executor,
  condemned: readonly ResourceState[],
): Promise<void> {
  const { abort, providers, snapshot } = context;
  for (const { urn } of condemned) executor.deletedUrns.add(urn);
  for (const { provider } of condemned) {
    const state = provider === undefined ? undefined : providerStateOf(snapshot.base, provider);
    if (state !== undefined) await providers.ensure(state);
  }
  for (const wave of deleteWaves(snapshot.base, new Set(condemned))) {
    abort.throwIfAborted();
    const deleted = wave.map(async (old) => await deleteOne(context, executor, old));
    await Promise.all(deleted.map(async (one) => await one.catch((fault: unknown) => abort.becauseOf(fault))));
  }
  abort.throwIfAborted();
}

async function deleteOne(
  { preview, snapshot }: OperationContext,
  executor: Executor,
  old: ResourceState,
): Promise<void> {
  // Deleted already, ahead of a replacement that the program no longer wants.
  if (old.pendingReplacement === true) {
    if (!preview) await snapshot.end(old, { gone: old });
    return;
  }
  await executor.run({ kind: "delete", old, because: old.delete === true ? "replaced" : "unwanted" });
}
