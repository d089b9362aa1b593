import type { OperationContext } from "./operation-context.ts";
import type { PropertyMap } from "./property-value.ts";
import { ProviderError } from "./provider-error.ts";
import type { Existing } from "./provider-messages.ts";
import type { Outcome } from "./provider.ts";
import type { ResourceState } from "./resource-state.ts";
import type { Step } from "./step.ts";
import { isProviderType, type Urn } from "./urn.ts";

/** Creates a resource by its provider; components have no id and no outputs yet. */
export async function callCreate({ providers, preview }: OperationContext, fresh: ResourceState): Promise<Outcome> {
  if (isProviderType(fresh.type)) return await providers.create(fresh.urn, fresh.inputs, preview);
  if (!fresh.custom) return { id: "", outputs: {} };
  const provider = await providers.get(fresh.provider ?? "");
  const made = await provider.create(fresh.urn, fresh.inputs, {
    timeout: fresh.customTimeouts?.create ?? 0,
    preview,
  });
  if (made.id === "" && !preview) throw new ProviderError("the provider gave no id", { answered: true });
  return made;
}

/** Updates a resource by its provider; returns the new outputs. */
export async function callUpdate(
  { providers, preview }: OperationContext,
  { old, fresh, ignoreChanges }: Extract<Step, { kind: "update" }>,
): Promise<PropertyMap> {
  if (isProviderType(fresh.type)) return await providers.update(fresh.urn, old.id ?? "", fresh.inputs);
  if (!fresh.custom) return old.outputs;
  const provider = await providers.get(fresh.provider ?? "");
  const timeout = fresh.customTimeouts?.update ?? 0;
  return await provider.update(existing(fresh.urn, old), fresh.inputs, { timeout, preview, ignoreChanges });
}

/** Deletes a resource by its provider; components and what is to be retained are only forgotten. */
export async function callDelete({ providers }: OperationContext, old: ResourceState): Promise<void> {
  if (!old.custom || old.retainOnDelete === true) return;
  if (isProviderType(old.type)) return await providers.delete(old);
  const provider = await providers.get(old.provider ?? "");
  await provider.delete(existing(old.urn, old), old.customTimeouts?.delete ?? 0);
}

/** A resource as calls about it name it; under a new URN when it was renamed. */
export function existing(urn: Urn, old: ResourceState): Existing {
  return { urn, id: old.id ?? "", oldInputs: old.inputs, oldOutputs: old.outputs };
}
