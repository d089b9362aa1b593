import { diffOfInputs, replacementBecauseOf, type ProviderDiff } from "./decide-change.ts";
import type { OperationContext } from "./operation-context.ts";
import type { PropertyMap } from "./property-value.ts";
import type { CheckResult } from "./provider-messages.ts";
import { providerStateOf } from "./provider-registry.ts";
import type { ResourceState } from "./resource-state.ts";
import { isProviderType, parseReference, type Urn } from "./urn.ts";

/** Asks the provider of a resource what to think of its inputs; components have none and are compared. */
export class ResourceDiffer {
  readonly #context: OperationContext;

  constructor(context: OperationContext) {
    this.#context = context;
  }

  async check(fresh: ResourceState, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
    const { providers } = this.#context;
    if (!fresh.custom) return { inputs: news, failures: [] };
    if (isProviderType(fresh.type)) return await providers.check(fresh.urn, olds, news);
    return await (await providers.get(fresh.provider ?? "")).check(fresh.urn, olds, news);
  }

  async diff(old: ResourceState, fresh: ResourceState, ignored: readonly string[]): Promise<ProviderDiff> {
    const { providers } = this.#context;
    if (!fresh.custom) return diffOfInputs(old.inputs, fresh.inputs);
    if (isProviderType(fresh.type)) return await providers.diff(fresh.urn, old, fresh.inputs);
    const provider = await providers.get(fresh.provider ?? "");
    const existing = { urn: fresh.urn, id: old.id ?? "", oldInputs: old.inputs, oldOutputs: old.outputs };
    const diff = await provider.diff(existing, fresh.inputs, ignored);
    const own = diffOfInputs(old.inputs, fresh.inputs);
    if (diff.changes === "unknown") return own;
    // The TypeScript provider server never says which keys changed; the inputs do.
    return diff.changes === "some" && diff.changedKeys.length === 0 ? { ...diff, changedKeys: own.changedKeys } : diff;
  }

  /** A replacement when the resource's provider changed in a way that its resources do not survive. */
  async diffProvider(
    old: ResourceState,
    fresh: ResourceState,
    registered: { stateOf(urn: Urn): ResourceState | undefined; oldUrnOf(urn: Urn): Urn | undefined },
  ): Promise<ProviderDiff | undefined> {
    if (old.provider === fresh.provider) return undefined;
    if (old.provider === undefined || fresh.provider === undefined) return replacementBecauseOf("provider");
    const [before, after] = [parseReference(old.provider), parseReference(fresh.provider)];
    if (registered.oldUrnOf(after.urn) === before.urn) return undefined;
    const oldProvider = providerStateOf(this.#context.snapshot.base, old.provider);
    const newProvider = registered.stateOf(after.urn);
    if (oldProvider === undefined || newProvider === undefined) return replacementBecauseOf("provider");
    const incompatible = await this.#context.providers.isIncompatible(oldProvider, newProvider);
    return incompatible ? replacementBecauseOf("provider") : undefined;
  }

  /** Makes the provider that a resource of the old state names ready to be called. */
  async ensureProvider({ provider }: ResourceState): Promise<void> {
    const state = provider === undefined ? undefined : providerStateOf(this.#context.snapshot.base, provider);
    if (state !== undefined) await this.#context.providers.ensure(state);
  }
}
