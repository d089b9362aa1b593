import type { PropertyMap } from "./property-value.ts";
import { parseReference, type Urn } from "./urn.ts";

/**
 * A resource as the engine works on it: Pulumi's ResourceV3 with its properties decrypted. `delete` and
 * `pendingReplacement` are set in place while an operation runs; everything else is fixed once it is in the snapshot.
 */
export interface ResourceState {
  readonly urn: Urn;
  readonly type: string;
  readonly custom: boolean;
  id?: string;
  /** To be deleted: replaced, and the new one exists. */
  delete?: boolean;
  inputs: PropertyMap;
  outputs: PropertyMap;
  readonly parent?: Urn;
  readonly protect?: boolean;
  readonly dependencies?: readonly Urn[];
  initErrors?: readonly string[];
  /** `<urn>::<id>` of its provider; none for components and providers. */
  readonly provider?: string;
  readonly propertyDependencies?: Readonly<Record<string, readonly Urn[]>>;
  /** Deleted ahead of a replacement that was not made yet. */
  pendingReplacement?: boolean;
  readonly additionalSecretOutputs?: readonly string[];
  /** Seconds. */
  readonly customTimeouts?: CustomTimeouts;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: Urn;
  created?: string;
  modified?: string;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
}

export interface CustomTimeouts {
  readonly create?: number;
  readonly update?: number;
  readonly delete?: number;
  readonly read?: number;
}

export type PendingKind = "creating" | "updating" | "deleting" | "reading" | "importing";

/** An operation whose end the state does not know. */
export interface PendingOperation {
  readonly type: PendingKind;
  readonly resource: ResourceState;
}

/** Everything that must stand before a resource in the state, and that its deletion must come before. */
export function dependencyUrns(state: ResourceState): ReadonlySet<Urn> {
  const urns = new Set<Urn>(state.dependencies);
  for (const list of Object.values(state.propertyDependencies ?? {})) for (const urn of list) urns.add(urn);
  for (const urn of [state.parent, state.deletedWith]) if (urn !== undefined && urn !== "") urns.add(urn);
  if (state.provider !== undefined) urns.add(parseReference(state.provider).urn);
  return urns;
}
