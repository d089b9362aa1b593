import { EngineError } from "../engine.ts";
import { markSecrets } from "./marshal.ts";
import type { OperationContext } from "./operation-context.ts";
import { changedKeys, redactSecrets, type PropertyMap } from "./property-value.ts";
import { existing } from "./provider-calls.ts";
import { providerStateOf } from "./provider-registry.ts";
import type { ResourceState } from "./resource-state.ts";
import { isProviderType, nameOf, type Urn } from "./urn.ts";

interface Found {
  readonly fresh?: ResourceState;
  readonly gone: ResourceState;
}

/**
 * Reads every resource from its provider and takes over what is there; what is gone leaves the state. All at once, when
 * everything was read: those that were not would still name what is gone.
 */
export async function readAll(context: OperationContext): Promise<void> {
  const { abort, log, snapshot } = context;
  const gone = new Set<Urn>();
  const found: Found[] = [];
  for (const old of snapshot.base) {
    abort.throwIfAborted();
    if (!old.custom || isProviderType(old.type) || old.delete === true || old.pendingReplacement === true) {
      found.push({ fresh: withoutEdges(old, gone), gone: old });
      if (old.delete !== true) log.count("same", old.urn);
      continue;
    }
    found.push(await readOne(context, old, gone));
  }
  for (const change of found) snapshot.keep(change);
}

async function readOne(context: OperationContext, old: ResourceState, gone: Set<Urn>): Promise<Found> {
  const { log, providers, snapshot } = context;
  const provider = providerStateOf(snapshot.base, old.provider ?? "");
  if (provider !== undefined) await providers.ensure(provider);
  const finish = log.start("refresh", old.urn);
  try {
    const found = await (await providers.get(old.provider ?? "")).read(existing(old.urn, old));
    if (found === undefined) {
      gone.add(old.urn);
      log.count("delete", old.urn);
      finish();
      return { gone: old };
    }
    const inputs = found.inputs ?? old.inputs;
    const outputs = markSecrets(found.outputs, inputs, old.additionalSecretOutputs ?? []);
    // As Pulumi does (https://github.com/pulumi/pulumi/pull/16146): what updates ignore is somebody else's to change.
    const ignored = old.ignoreChanges ?? [];
    const keys = changedKeys(old.outputs, outputs).filter((key) => !ignored.includes(key));
    const values = Object.entries(outputs).filter(([key]) => keys.includes(key));
    log.count(
      keys.length === 0 ? "same" : "update",
      old.urn,
      keys,
      redactSecrets(Object.fromEntries(values)) as PropertyMap,
    );
    finish();
    return { fresh: { ...withoutEdges(old, gone), id: found.id, inputs, outputs }, gone: old };
  } catch (error) {
    const message = log.redact(error instanceof Error ? error.message : String(error));
    finish(message);
    throw new EngineError("resource-failed", `reading ${nameOf(old.urn)} failed: ${message}`, { cause: error });
  }
}

/** A resource that no longer names what is gone. */
function withoutEdges(state: ResourceState, gone: ReadonlySet<Urn>): ResourceState {
  const left = (urns: readonly Urn[]): readonly Urn[] => urns.filter((urn) => !gone.has(urn));
  // As Pulumi does: after a refresh a property that depends on nothing is no longer listed.
  const byProperty = Object.entries(state.propertyDependencies ?? {})
    .map(([key, urns]) => [key, left(urns)] as const)
    .filter(([, urns]) => urns.length > 0);
  const { parent, deletedWith, ...rest } = state;
  return {
    ...rest,
    ...(parent === undefined || gone.has(parent) ? {} : { parent }),
    ...(deletedWith === undefined || gone.has(deletedWith) ? {} : { deletedWith }),
    dependencies: left(state.dependencies ?? []),
    propertyDependencies: Object.fromEntries(byProperty),
  };
}
