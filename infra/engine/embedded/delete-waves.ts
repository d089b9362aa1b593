import { dependencyUrns, type ResourceState } from "./resource-state.ts";
import { parseReference } from "./urn.ts";

/**
 * Orders deletions: waves of resources that can go at the same time, none before what depends on it. `all` is the state
 * in its own order, in which dependencies stand before dependents; `condemned` are members of it.
 */
export function deleteWaves(
  all: readonly ResourceState[],
  condemned: ReadonlySet<ResourceState>,
): readonly (readonly ResourceState[])[] {
  const depths = new Map<ResourceState, number>();
  const waves: ResourceState[][] = [];
  // From the end: every dependent of a resource stands behind it and has its wave already.
  const ordered = all.filter((state) => condemned.has(state));
  for (const state of ordered.toReversed()) {
    const dependents = ordered.filter((other) => depths.has(other) && dependsOn(other, state));
    const depth = Math.max(-1, ...dependents.map((other) => depths.get(other) ?? 0)) + 1;
    depths.set(state, depth);
    (waves[depth] ??= []).push(state);
  }
  return waves;
}

/** Everything that depends on `root`, directly or not, in the order of the state; a child does not by itself. */
export function dependentsOf(all: readonly ResourceState[], root: ResourceState): readonly ResourceState[] {
  const reached: ResourceState[] = [root];
  for (const state of all.slice(all.indexOf(root) + 1)) {
    const { parent: _parent, ...edges } = state;
    if (reached.some((other) => dependsOn(edges, other))) reached.push(state);
  }
  return reached.slice(1);
}

/** Whether `dependent` names `state` as dependency, parent, provider or owner. */
export function dependsOn(dependent: ResourceState, state: ResourceState): boolean {
  if (dependent.provider !== undefined) {
    const reference = parseReference(dependent.provider);
    // Two providers of one URN can stand beside each other while one replaces the other.
    if (reference.urn === state.urn && reference.id !== state.id) return namesAside(dependent, state);
  }
  return dependencyUrns(dependent).has(state.urn);
}

function namesAside(dependent: ResourceState, state: ResourceState): boolean {
  const { provider: _provider, ...rest } = dependent;
  return dependencyUrns(rest).has(state.urn);
}
