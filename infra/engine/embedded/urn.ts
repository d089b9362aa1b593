/** `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>` */
export type Urn = string;

const stackType = "pulumi:pulumi:Stack";
const providerPrefix = "pulumi:providers:";

export interface UrnScope {
  readonly stack: string;
  readonly project: string;
}

/** URN of a resource; a parent that is the stack adds nothing to the type. */
export function makeUrn(scope: UrnScope, parent: Urn | undefined, type: string, name: string): Urn {
  const parentType = parent === undefined || parent === "" ? "" : qualifiedType(parent);
  const prefix = parentType === "" || parentType === stackType ? "" : `${parentType}$`;
  return `urn:pulumi:${scope.stack}::${scope.project}::${prefix}${type}::${name}`;
}

export function qualifiedType(urn: Urn): string {
  return urn.split("::")[2] ?? "";
}

export function typeOf(urn: Urn): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

/** A name may itself contain `::`. */
export function nameOf(urn: Urn): string {
  return urn.split("::").slice(3).join("::");
}

export function isStackType(type: string): boolean {
  return type === stackType;
}

export function isProviderType(type: string): boolean {
  return type.startsWith(providerPrefix);
}

export function providerType(packageName: string): string {
  return `${providerPrefix}${packageName}`;
}

/** Package that a provider type (`pulumi:providers:x`) or a resource type (`x:module:Type`) belongs to. */
export function packageOf(type: string): string {
  return isProviderType(type) ? type.slice(providerPrefix.length) : (type.split(":")[0] ?? "");
}

/** Default providers are the engine's own: they are not counted or shown, as in Pulumi. */
export function isDefaultProvider(urn: Urn): boolean {
  return isProviderType(typeOf(urn)) && /^default(_|$)/.test(nameOf(urn));
}

/** `<urn>::<id>`, how a resource names its provider. */
export interface ProviderReference {
  readonly urn: Urn;
  readonly id: string;
}

export function parseReference(reference: string): ProviderReference {
  const at = reference.lastIndexOf("::");
  return { urn: reference.slice(0, at), id: reference.slice(at + 2) };
}

export function formatReference({ urn, id }: ProviderReference): string {
  return `${urn}::${id}`;
}
