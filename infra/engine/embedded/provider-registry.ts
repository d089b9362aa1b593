import { randomUUID } from "node:crypto";
import { EngineError } from "../engine.ts";
import type { ProviderPlugin } from "../project-files.ts";
import { diffOfInputs, type ProviderDiff } from "./decide-change.ts";
import { unknownValue, type PropertyMap } from "./property-value.ts";
import { Provider } from "./provider.ts";
import type { CheckResult } from "./provider-messages.ts";
import type { PluginProcess } from "./provider-plugin.ts";
import type { ResourceState } from "./resource-state.ts";
import { formatReference, packageOf, parseReference, typeOf, type Urn } from "./urn.ts";

/** Properties of a provider resource that are the engine's, not the plugin's. */
const engineKey = "__internal";

/**
 * Provider resources (`pulumi:providers:x`) are the engine's own: their life cycle is that of a plugin process. Each has
 * a process to itself, since each may be configured in another way.
 */
export class ProviderRegistry {
  readonly #plugins: readonly ProviderPlugin[];
  readonly #start: (plugin: ProviderPlugin) => Promise<PluginProcess>;
  readonly #engineAddress: string;
  /** Started ahead of need, by package. */
  readonly #warm = new Map<string, Promise<Provider>>();
  /** Checked, but not configured yet. */
  readonly #checked = new Map<Urn, Provider>();
  readonly #ready = new Map<string, Promise<Provider>>();
  readonly #all = new Set<Promise<Provider>>();

  constructor(options: {
    readonly plugins: readonly ProviderPlugin[];
    readonly engineAddress: string;
    readonly start: (plugin: ProviderPlugin) => Promise<PluginProcess>;
  }) {
    this.#plugins = options.plugins;
    this.#engineAddress = options.engineAddress;
    this.#start = options.start;
  }

  /** Starts every plugin of the project now, so that this overlaps with the start of the program. */
  warmUp(): void {
    for (const plugin of this.#plugins) this.#warm.set(plugin.name, this.#launch(plugin.name));
  }

  async check(urn: Urn, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
    const provider = await this.#take(urn);
    const result = await provider.checkConfig(urn, withoutEngineKey(olds), withoutEngineKey(news));
    this.#checked.set(urn, provider);
    const kept = news[engineKey] === undefined ? {} : { [engineKey]: news[engineKey] };
    return { ...result, inputs: { ...result.inputs, ...kept } };
  }

  async diff(urn: Urn, old: ResourceState, newInputs: PropertyMap): Promise<ProviderDiff> {
    const provider = this.#checked.get(urn) ?? (await this.#ready.get(referenceOf(old)));
    const news = withoutEngineKey(newInputs);
    const diff = await provider?.diffConfig(urn, { inputs: withoutEngineKey(old.inputs), outputs: old.outputs }, news);
    return diff === undefined || diff.changes === "unknown" ? diffOfInputs(old.outputs, news) : diff;
  }

  /** Whether the resources of provider `old` must be replaced when provider `fresh` takes them over. */
  async isIncompatible(old: ResourceState, fresh: ResourceState): Promise<boolean> {
    const provider = await this.get(referenceOf(fresh));
    const before = { inputs: withoutEngineKey(old.inputs), outputs: old.outputs };
    const diff = await provider.diffConfig(fresh.urn, before, withoutEngineKey(fresh.inputs));
    return diff !== undefined && diff.replaceKeys.length > 0;
  }

  async create(urn: Urn, inputs: PropertyMap, preview: boolean): Promise<{ id: string; outputs: PropertyMap }> {
    const id = preview ? unknownValue : randomUUID();
    const outputs = withoutEngineKey(inputs);
    await this.#configure(urn, id, outputs);
    return { id, outputs };
  }

  async update(urn: Urn, id: string, inputs: PropertyMap): Promise<PropertyMap> {
    const outputs = withoutEngineKey(inputs);
    await this.#configure(urn, id, outputs);
    return outputs;
  }

  /** Configures a provider of the state with what the state says; nothing to do when it is ready. */
  async ensure(state: ResourceState): Promise<void> {
    if (this.#ready.has(referenceOf(state))) return void (await this.#ready.get(referenceOf(state)));
    await this.#configure(state.urn, state.id ?? "", withoutEngineKey(state.inputs));
  }

  /** The configured provider of a reference. */
  async get(reference: string): Promise<Provider> {
    const provider = this.#ready.get(reference);
    if (provider === undefined) throw new EngineError("configuration", `the provider ${reference} is not registered`);
    return await provider;
  }

  async delete(state: ResourceState): Promise<void> {
    const provider = this.#ready.get(referenceOf(state));
    this.#ready.delete(referenceOf(state));
    await (await provider)?.plugin.end();
  }

  async cancel(): Promise<void> {
    await Promise.allSettled([...this.#ready.values()].map(async (provider) => await (await provider).cancel()));
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#all].map(async (provider) => await (await provider).plugin.end()));
  }

  async #configure(urn: Urn, id: string, inputs: PropertyMap): Promise<void> {
    const configured = (async () => {
      const provider = await this.#take(urn);
      await provider.configure(urn, id, inputs);
      return provider;
    })();
    this.#ready.set(formatReference({ urn, id }), configured);
    await configured;
  }

  /** The process that was checked under this URN, or one that waits, or a new one. */
  async #take(urn: Urn): Promise<Provider> {
    const checked = this.#checked.get(urn);
    this.#checked.delete(urn);
    if (checked !== undefined) return checked;
    const name = packageOf(typeOf(urn));
    const warm = this.#warm.get(name);
    this.#warm.delete(name);
    return await (warm ?? this.#launch(name));
  }

  #launch(name: string): Promise<Provider> {
    const plugin = this.#plugins.find((each) => each.name === name);
    const launched = (async () => {
      if (plugin === undefined) {
        throw new EngineError(
          "unsupported",
          `the provider ${name}: it has no path under plugins.providers in Pulumi.yaml`,
        );
      }
      const provider = new Provider(await this.#start(plugin));
      await provider.handshake(this.#engineAddress);
      return provider;
    })();
    launched.catch(() => undefined);
    this.#all.add(launched);
    return launched;
  }
}

export function referenceOf(state: ResourceState): string {
  return formatReference({ urn: state.urn, id: state.id ?? "" });
}

/** The provider resource that a resource names, among `states`. */
export function providerStateOf(states: readonly ResourceState[], reference: string): ResourceState | undefined {
  const { urn, id } = parseReference(reference);
  return states.find((state) => state.urn === urn && state.id === id);
}

function withoutEngineKey(properties: PropertyMap): PropertyMap {
  const { [engineKey]: _internal, ...rest } = properties;
  return rest;
}
