import { openSnapshot } from "../../../../infra/engine/embedded/open-snapshot.ts";
import { withoutSecrets } from "../../../../infra/engine/embedded/property-value.ts";
import type { ResourceState } from "../../../../infra/engine/embedded/resource-state.ts";
import { StateBackend } from "../../../../infra/engine/embedded/state-backend.ts";
import { openConfig } from "../../../../infra/engine/project-files.ts";
import type { EngineWorld } from "./engine-world.ts";

/** A world's state as two engines can be compared by it: decrypted, without times, places in the source and random ids. */
export async function decryptedState(world: EngineWorld): Promise<unknown> {
  const state = await new StateBackend(world.stack).load();
  const { crypter } = await openConfig(world.stack);
  const snapshot = await openSnapshot(world.stack, state, crypter, async () => {});
  const text = JSON.stringify(snapshot.base.map(comparable).toSorted((a, b) => (a.key < b.key ? -1 : 1)));
  const pending = (state?.deployment.pending_operations ?? []).map(({ type, resource }) => `${type} ${resource.urn}`);
  const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  return {
    pending,
    resources: JSON.parse(text.replaceAll(world.folder, "<world>").replaceAll(uuids, "<uuid>")) as unknown,
  };
}

function comparable(state: ResourceState): { readonly key: string } {
  const {
    created: _created,
    modified: _modified,
    inputs,
    outputs,
    dependencies,
    propertyDependencies,
    ...rest
  } = state;
  const { sourcePosition: _position, stackTrace: _trace, ...kept } = rest as typeof rest & Record<string, unknown>;
  return {
    ...kept,
    key: `${state.urn} ${state.delete === true} ${state.id ?? ""}`,
    inputs: withoutSecrets(inputs),
    outputs: withoutSecrets(outputs),
    dependencies: [...(dependencies ?? [])].toSorted(),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies ?? {}).map(([key, urns]) => [key, [...urns].toSorted()]),
    ),
  } as { readonly key: string };
}
