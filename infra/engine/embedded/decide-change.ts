import type { PropertyMap } from "./property-value.ts";
import { changedKeys, propertiesEqual } from "./property-value.ts";

/** What a provider said of the way from old to new inputs; `unknown` leaves it to the inputs. */
export interface ProviderDiff {
  readonly changes: "none" | "some" | "unknown";
  readonly replaceKeys: readonly string[];
  readonly changedKeys: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export interface OldFacts {
  readonly protect: boolean;
  readonly pendingReplacement: boolean;
  readonly initErrors: boolean;
}

export interface NewFacts {
  readonly protect: boolean;
  /** The program's own word on the order of a replacement; it wins over the provider's. */
  readonly deleteBeforeReplace: boolean | undefined;
  /** Property names (`*` for all) whose change means replacement. */
  readonly replaceOnChanges: readonly string[];
}

/** What to do with a resource that the program registered. */
export type Decision =
  | { readonly kind: "create" }
  /** Deleted earlier in this operation because of something it depends on; now it comes back. */
  | { readonly kind: "recreate" }
  | { readonly kind: "same" }
  | { readonly kind: "update"; readonly changedKeys: readonly string[] }
  | { readonly kind: "replace"; readonly changedKeys: readonly string[]; readonly deleteFirst: boolean }
  | { readonly kind: "protected" };

export interface Situation {
  readonly old: OldFacts | undefined;
  readonly new: NewFacts;
  /** It was deleted earlier in this operation. */
  readonly deletedBefore: boolean;
  readonly diff: ProviderDiff;
}

/** Pulumi's rule, in its order: recreate, create, replace, update, same. */
export function decideChange(situation: Situation): Decision {
  const { old, new: fresh, deletedBefore, diff } = situation;
  if (old === undefined) return { kind: "create" };
  if (deletedBefore) return { kind: "recreate" };
  const replaceKeys = allReplaceKeys(diff, fresh.replaceOnChanges);
  const changed = diff.changes === "some" || old.pendingReplacement;
  if (changed && (replaceKeys.length > 0 || old.pendingReplacement)) {
    if (old.protect && fresh.protect) return { kind: "protected" };
    const deleteFirst = fresh.deleteBeforeReplace ?? diff.deleteBeforeReplace;
    return { kind: "replace", changedKeys: union(diff.changedKeys, replaceKeys), deleteFirst };
  }
  // A resource that never came up properly is updated even when nothing changed: that waits for it again.
  if (changed || old.initErrors) return { kind: "update", changedKeys: diff.changedKeys };
  return { kind: "same" };
}

/** The diff where a provider has no opinion, or there is no provider: some inputs changed, or none. */
export function diffOfInputs(oldInputs: PropertyMap, newInputs: PropertyMap): ProviderDiff {
  const same = propertiesEqual(oldInputs, newInputs);
  return {
    changes: same ? "none" : "some",
    replaceKeys: [],
    changedKeys: same ? [] : changedKeys(oldInputs, newInputs),
    deleteBeforeReplace: false,
  };
}

/** A diff that replaces because of one key, such as `provider`. */
export function replacementBecauseOf(key: string): ProviderDiff {
  return { changes: "some", replaceKeys: [key], changedKeys: [key], deleteBeforeReplace: false };
}

function allReplaceKeys(diff: ProviderDiff, replaceOnChanges: readonly string[]): readonly string[] {
  const asked = diff.changedKeys.filter((key) => replaceOnChanges.some((name) => name === "*" || name === rootOf(key)));
  return union(diff.replaceKeys, asked);
}

function rootOf(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}
