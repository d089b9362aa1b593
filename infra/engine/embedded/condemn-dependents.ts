import { decideChange } from "./decide-change.ts";
import { dependentsOf } from "./delete-waves.ts";
import { unknownValue } from "./property-value.ts";
import type { ResourceDiffer } from "./resource-differ.ts";
import type { ResourceState } from "./resource-state.ts";
import { parseReference, type Urn } from "./urn.ts";

/**
 * Dependents of `root` that must go before it when it is deleted ahead of its replacement: those that will be replaced
 * once what they have from it changes in a way nobody knows yet. Last dependents first.
 */
export async function condemnDependents(
  all: readonly ResourceState[],
  root: ResourceState,
  differ: ResourceDiffer,
  isSettled: (state: ResourceState) => boolean,
): Promise<readonly ResourceState[]> {
  const urns = new Set([root.urn]);
  const condemned: ResourceState[] = [];
  for (const dependent of dependentsOf(all, root)) {
    if (isSettled(dependent) || !(await isReplacedWith(dependent, urns, differ))) continue;
    urns.add(dependent.urn);
    condemned.unshift(dependent);
  }
  return condemned;
}

async function isReplacedWith(
  dependent: ResourceState,
  urns: ReadonlySet<Urn>,
  differ: ResourceDiffer,
): Promise<boolean> {
  if (!dependent.custom) return false;
  if (dependent.provider !== undefined && urns.has(parseReference(dependent.provider).urn)) {
    await differ.ensureProvider(dependent);
    return true;
  }
  const depends = (key: string): boolean => (dependent.propertyDependencies?.[key] ?? []).some((urn) => urns.has(urn));
  if (!Object.keys(dependent.inputs).some(depends)) return false;
  const inputs = Object.fromEntries(
    Object.entries(dependent.inputs).map(([key, value]) => [key, depends(key) ? unknownValue : value]),
  );
  await differ.ensureProvider(dependent);
  const diff = await differ.diff(dependent, { ...dependent, inputs }, dependent.ignoreChanges ?? []);
  const decision = decideChange({
    old: { protect: false, pendingReplacement: false, initErrors: false },
    new: { protect: false, deleteBeforeReplace: undefined, replaceOnChanges: dependent.replaceOnChanges ?? [] },
    deletedBefore: false,
    diff,
  });
  return decision.kind === "replace";
}
