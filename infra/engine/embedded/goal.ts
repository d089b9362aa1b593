import type resproto from "@pulumi/pulumi/proto/resource_pb.js";
import { EngineError } from "../engine.ts";
import type { Alias } from "./alias.ts";
import { downgradeProperties, fromStruct } from "./marshal.ts";
import { hashAssets } from "./file-asset.ts";
import type { PropertyMap } from "./property-value.ts";
import type { CustomTimeouts } from "./resource-state.ts";
import { isProviderType, type Urn } from "./urn.ts";

/** What the program wants of one resource. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly inputs: PropertyMap;
  readonly parent: Urn | undefined;
  readonly protect: boolean | undefined;
  readonly dependencies: readonly Urn[];
  /** Reference of its provider; resolved before the goal reaches the registrar. */
  readonly provider: string | undefined;
  readonly propertyDependencies: Readonly<Record<string, readonly Urn[]>>;
  readonly deleteBeforeReplace: boolean | undefined;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: readonly Alias[];
  readonly customTimeouts: CustomTimeouts;
  readonly retainOnDelete: boolean | undefined;
  readonly deletedWith: Urn | undefined;
}

/** Reads a registration; EngineError `unsupported` naming what this engine does not do. */
export function readGoal(request: resproto.RegisterResourceRequest): Goal {
  refuseUnsupported(request);
  const { properties: downgraded, dependencies: carried } = downgradeProperties(fromStruct(request.getObject()));
  const assets = hashAssets(downgraded);
  if ("refused" in assets) throw unsupported(assets.refused, request);
  const properties = withVersion(request, assets.properties);
  const dependencies = request.getDependenciesList();
  const named = new Map<string, readonly Urn[]>();
  request.getPropertydependenciesMap().forEach((value, key) => named.set(key, value.getUrnsList()));
  const propertyDependencies = Object.keys(properties).map((key) => {
    // A program that names no dependencies by property has every property depend on all of them.
    const own = named.size === 0 ? dependencies : (named.get(key) ?? []);
    return [key, [...new Set([...own, ...(carried.get(key) ?? [])])]] as const;
  });
  const definesOrder = request.getDeletebeforereplacedefined() || request.getDeletebeforereplace();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: properties,
    parent: request.getParent() || undefined,
    protect: request.hasProtect() ? request.getProtect() : undefined,
    dependencies,
    provider: request.getProvider() || undefined,
    propertyDependencies: Object.fromEntries(propertyDependencies),
    deleteBeforeReplace: definesOrder ? request.getDeletebeforereplace() : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: readAliases(request),
    customTimeouts: readTimeouts(request.getCustomtimeouts()),
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: request.getDeletedwith() || undefined,
  };
}

/** A child without a word of its own on these options has its parent's. */
export function inheritFromParent(goal: Goal, parent: Goal | undefined): Goal {
  if (parent === undefined) return goal;
  return {
    ...goal,
    protect: goal.protect ?? parent.protect,
    retainOnDelete: goal.retainOnDelete ?? parent.retainOnDelete,
    deletedWith: goal.deletedWith ?? parent.deletedWith,
  };
}

function refuseUnsupported(request: resproto.RegisterResourceRequest): void {
  const refused: Readonly<Record<string, boolean>> = {
    "remote components": request.getRemote(),
    transforms: request.getTransformsList().length > 0,
    "state migrations": request.getStateMigrationsList().length > 0,
    import: request.getImportid() !== "",
    replaceWith: request.getReplaceWithList().length > 0,
    replacementTrigger: request.hasReplacementTrigger(),
    hooks: hasHooks(request),
    "parameterized packages": request.getPackageref() !== "",
    envVarMappings: request.getEnvvarmappingsMap().getLength() > 0,
    pluginDownloadURL: request.getPlugindownloadurl() !== "",
  };
  const feature = Object.keys(refused).find((name) => refused[name]);
  if (feature !== undefined) throw unsupported(feature, request);
}

/** As Pulumi: a provider resource has the version of its package among its inputs. */
function withVersion(request: resproto.RegisterResourceRequest, properties: PropertyMap): PropertyMap {
  const version = request.getVersion();
  return version === "" || !isProviderType(request.getType()) ? properties : { ...properties, version };
}

function hasHooks(request: resproto.RegisterResourceRequest): boolean {
  const hooks = request.getHooks()?.toObject() ?? {};
  return Object.values(hooks).some((names) => Array.isArray(names) && names.length > 0);
}

function unsupported(feature: string, request: resproto.RegisterResourceRequest): EngineError {
  return new EngineError("unsupported", `${feature} (resource ${request.getName()} of type ${request.getType()})`);
}

function readAliases(request: resproto.RegisterResourceRequest): readonly Alias[] {
  const urns = request.getAliasurnsList().map((urn) => ({ urn }));
  const specs = request.getAliasesList().map((alias): Alias => {
    const spec = alias.getSpec();
    if (spec === undefined) return { urn: alias.getUrn() };
    return {
      name: spec.getName(),
      type: spec.getType(),
      project: spec.getProject(),
      stack: spec.getStack(),
      noParent: spec.getNoparent(),
      ...(spec.getParenturn() === "" ? {} : { parent: spec.getParenturn() }),
    };
  });
  return [...urns, ...specs];
}

function readTimeouts(timeouts: resproto.RegisterResourceRequest.CustomTimeouts | undefined): CustomTimeouts {
  const given = {
    create: timeouts?.getCreate(),
    update: timeouts?.getUpdate(),
    delete: timeouts?.getDelete(),
    read: timeouts?.getRead(),
  };
  return Object.fromEntries(Object.entries(given).flatMap(([key, text]) => (text ? [[key, seconds(text)]] : [])));
}

const unitSeconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3_600 };

/** Go's durations, such as `1m30s`, in seconds. */
function seconds(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw new EngineError("configuration", `the custom timeout ${text} is no duration`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitSeconds[unit ?? ""] ?? 0), 0);
}
