import type { ResourceState } from "./resource-state.ts";

/** One thing to do to one resource, decided but not done. */
export type Step =
  | { readonly kind: "same"; readonly old: ResourceState; readonly fresh: ResourceState }
  | { readonly kind: "create"; readonly fresh: ResourceState; readonly replaces?: Replacement }
  | {
      readonly kind: "update";
      readonly old: ResourceState;
      readonly fresh: ResourceState;
      readonly changedKeys: readonly string[];
      readonly ignoreChanges: readonly string[];
    }
  | {
      readonly kind: "delete";
      readonly old: ResourceState;
      readonly because: "unwanted" | "replaced" | "to-be-replaced";
    };

export interface Replacement {
  readonly old: ResourceState;
  readonly changedKeys: readonly string[];
  /** The old one is deleted at the end of the operation; otherwise it has been already. */
  readonly deleteLater: boolean;
}
