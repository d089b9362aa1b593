import { makeUrn, nameOf, typeOf, type Urn, type UrnScope } from "./urn.ts";

/** An earlier identity of a resource, as a program gives it. */
export type Alias =
  | { readonly urn: Urn }
  | {
      readonly name?: string;
      readonly type?: string;
      readonly project?: string;
      readonly stack?: string;
      readonly parent?: Urn;
      readonly noParent?: boolean;
    };

export interface Identity {
  readonly type: string;
  readonly name: string;
  readonly parent: Urn | undefined;
}

/**
 * URNs under which a resource may stand in the old state, most likely first: its own aliases, then those that follow
 * from its parent's alias (`parentAlias`).
 */
export function aliasUrns(
  scope: UrnScope,
  identity: Identity,
  aliases: readonly Alias[],
  parentAlias: Urn | undefined,
): readonly Urn[] {
  const own = aliases.map((alias) => collapse(scope, identity, alias));
  if (parentAlias === undefined || identity.parent === undefined) return [...new Set(own)];
  const parentName = nameOf(identity.parent);
  const inherited = [
    inherit(scope, identity.type, identity.name, { parentName, parentAlias }),
    ...own.map((urn) => inherit(scope, typeOf(urn), nameOf(urn), { parentName, parentAlias })),
  ];
  return [...new Set([...own, ...inherited])];
}

function collapse(scope: UrnScope, identity: Identity, alias: Alias): Urn {
  if ("urn" in alias) return alias.urn;
  const parent = alias.noParent === true ? undefined : (alias.parent ?? identity.parent);
  return makeUrn(
    { stack: alias.stack || scope.stack, project: alias.project || scope.project },
    parent,
    alias.type || identity.type,
    alias.name || identity.name,
  );
}

/** A child named after its parent (`<parent>-rest`) was named after the parent's old name too. */
function inherit(
  scope: UrnScope,
  type: string,
  name: string,
  { parentName, parentAlias }: { parentName: string; parentAlias: Urn },
): Urn {
  const oldName = name.startsWith(parentName) ? nameOf(parentAlias) + name.slice(parentName.length) : name;
  return makeUrn(scope, parentAlias, type, oldName);
}
