import { createHash } from "node:crypto";
import type { StateResource, UntypedDeployment } from "../engine.ts";
import type { ResourceState } from "./resource-state.ts";
import { dependencyUrns } from "./resource-state.ts";
import { formatReference, isProviderType } from "./urn.ts";

interface Manifest {
  readonly time?: string;
  readonly magic?: string;
  readonly version?: string;
}

/** Pulumi's integrity rule: what makes a deployment unusable, or undefined when it is sound. */
export function findDamage(deployment: UntypedDeployment["deployment"]): string | undefined {
  const manifest = (deployment["manifest"] ?? {}) as Manifest;
  if ((manifest.magic ?? "") !== magicOf(manifest.version ?? ""))
    return "the manifest's magic does not match its version";
  const seen = new Map<string, number>();
  const providers = new Set<string>();
  for (const resource of deployment.resources ?? []) {
    const damage = findResourceDamage(resource, seen, providers);
    if (damage !== undefined) return damage;
    const living = resource.delete === true ? 0 : 1;
    const before = seen.get(resource.urn) ?? 0;
    if (before + living > 1) return `${resource.urn} stands in it twice`;
    seen.set(resource.urn, before + living);
    if (isProviderType(resource.type)) {
      providers.add(formatReference({ urn: resource.urn, id: resource.id ?? "" }));
    }
  }
  return undefined;
}

/** What Pulumi puts into the manifest against tampering. */
export function magicOf(version: string): string {
  return version === "" ? "" : createHash("sha256").update(version).digest("hex");
}

function findResourceDamage(
  resource: StateResource,
  seen: ReadonlyMap<string, number>,
  providers: ReadonlySet<string>,
): string | undefined {
  if (typeof resource.urn !== "string" || resource.urn === "") return "a resource has no urn";
  if (typeof resource.type !== "string" || resource.type === "") return `${resource.urn} has no type`;
  if (!resource.custom && resource.id !== undefined && resource.id !== "") return `component ${resource.urn} has an id`;
  const provider = resource["provider"];
  const pending = resource["pendingReplacement"] === true;
  if (typeof provider === "string" && provider !== "" && !providers.has(provider) && !pending) {
    return `${resource.urn} names a provider that is not there`;
  }
  const { provider: _provider, ...edges } = resource;
  const missing = [...dependencyUrns(edges as unknown as ResourceState)].find((urn) => !seen.has(urn));
  return missing === undefined ? undefined : `${resource.urn} depends on ${missing}, which does not stand before it`;
}
