import type { Goal } from "./goal.ts";
import type { ResourceState } from "./resource-state.ts";
import type { Urn } from "./urn.ts";

/** The state that a goal is to become; id and outputs come from its step. */
export function newState(urn: Urn, goal: Goal, old: ResourceState | undefined): ResourceState {
  return {
    urn,
    type: goal.type,
    custom: goal.custom,
    inputs: goal.inputs,
    outputs: {},
    ...(goal.parent === undefined ? {} : { parent: goal.parent }),
    ...(goal.protect === true ? { protect: true } : {}),
    ...(goal.retainOnDelete === true ? { retainOnDelete: true } : {}),
    ...(goal.provider === undefined ? {} : { provider: goal.provider }),
    ...(goal.deletedWith === undefined ? {} : { deletedWith: goal.deletedWith }),
    ...(old?.created === undefined ? {} : { created: old.created }),
    ...(old?.modified === undefined ? {} : { modified: old.modified }),
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
    additionalSecretOutputs: goal.additionalSecretOutputs,
    customTimeouts: goal.customTimeouts,
    ignoreChanges: goal.ignoreChanges,
    replaceOnChanges: goal.replaceOnChanges,
  };
}
