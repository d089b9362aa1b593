import { EngineError } from "../engine.ts";
import { AbortedError } from "./abort.ts";
import { aliasUrns } from "./alias.ts";
import { decideChange, diffOfInputs, replacementBecauseOf, type Decision, type ProviderDiff } from "./decide-change.ts";
import { dependentsOf } from "./delete-waves.ts";
import type { Executor } from "./executor.ts";
import type { Goal } from "./goal.ts";
import { ignoreChanges } from "./ignore-changes.ts";
import type { OperationContext } from "./operation-context.ts";
import { unknownValue, type PropertyMap } from "./property-value.ts";
import { providerStateOf } from "./provider-registry.ts";
import type { ResourceState } from "./resource-state.ts";
import type { Step } from "./step.ts";
import { isProviderType, makeUrn, parseReference, type Urn } from "./urn.ts";

/**
 * Turns what the program registers into steps and has them carried out. Decisions are made one after another, as in
 * Pulumi; the steps run side by side.
 */
export class Registrar {
  readonly #context: OperationContext;
  readonly #executor: Executor;
  readonly #olds = new Map<Urn, ResourceState>();
  readonly #registered = new Map<Urn, ResourceState>();
  /** New URN → the old one under which it was found. */
  readonly #aliased = new Map<Urn, Urn>();
  readonly #claimed = new Map<Urn, Urn>();
  /** Old states that had to go before what they depend on was replaced. */
  readonly #deletedFirst = new Set<ResourceState>();
  readonly #operatedOn = new Set<Urn>();
  #deciding: Promise<unknown> = Promise.resolve();

  constructor(context: OperationContext, executor: Executor) {
    this.#context = context;
    this.#executor = executor;
    for (const state of context.snapshot.base) if (state.delete !== true) this.#olds.set(state.urn, state);
  }

  /** Throws AbortedError when the operation is given up, EngineError for a registration that makes no sense. */
  async register(goal: Goal): Promise<ResourceState> {
    const decided = this.#deciding.then(async () => await this.#decide(goal));
    this.#deciding = decided.catch(() => undefined);
    const { fresh, steps } = await decided;
    for (const step of steps) await this.#executor.run(step);
    return fresh;
  }

  registered(urn: Urn): ResourceState | undefined {
    return this.#registered.get(urn);
  }

  /** Old state of a resource that the program registered. */
  oldOf(urn: Urn): ResourceState | undefined {
    return this.#olds.get(this.#aliased.get(urn) ?? urn);
  }

  /** What the program did not ask for, and what it had replaced. Only meaningful after a program that ended well. */
  condemned(): readonly ResourceState[] {
    return this.#context.snapshot.base.filter((state) => {
      if (this.#context.snapshot.isGone(state) || this.#deletedFirst.has(state)) return false;
      return state.delete === true || !(this.#operatedOn.has(state.urn) || this.#claimed.has(state.urn));
    });
  }

  async #decide(goal: Goal): Promise<{ fresh: ResourceState; steps: readonly Step[] }> {
    this.#context.abort.throwIfAborted();
    const urn = makeUrn(this.#context.scope, goal.parent, goal.type, goal.name);
    if (this.#registered.has(urn)) throw new EngineError("configuration", `two resources have the URN ${urn}; names must differ`);
    if (goal.parent !== undefined && !this.#registered.has(goal.parent)) {
      throw new EngineError("configuration", `the parent ${goal.parent} of ${urn} is not registered`);
    }
    const old = this.#findOld(urn, goal);
    const fresh = newState(urn, goal, old);
    this.#registered.set(urn, fresh);
    const deletedBefore = old !== undefined && this.#deletedFirst.has(old);
    const carried = old === undefined || deletedBefore ? undefined : old;
    if (carried !== undefined) fresh.inputs = ignoreChanges(carried.inputs, goal.inputs, goal.ignoreChanges);
    fresh.inputs = await this.#check(fresh, carried?.inputs ?? {}, fresh.inputs);
    const diff = carried === undefined ? diffOfInputs({}, {}) : await this.#diff(carried, fresh, goal);
    const decision = decideChange({
      old: old === undefined ? undefined : { protect: old.protect === true, pendingReplacement: old.pendingReplacement === true, initErrors: (old.initErrors ?? []).length > 0 },
      new: { protect: fresh.protect === true, deleteBeforeReplace: goal.deleteBeforeReplace, replaceOnChanges: goal.replaceOnChanges },
      deletedBefore,
      diff,
    });
    this.#operatedOn.add(urn);
    return { fresh, steps: await this.#plan(decision, goal, { old, fresh }) };
  }

  async #plan(decision: Decision, goal: Goal, { old, fresh }: { old: ResourceState | undefined; fresh: ResourceState }): Promise<readonly Step[]> {
    if (decision.kind === "create" || old === undefined) return [{ kind: "create", fresh }];
    if (decision.kind === "same") return [{ kind: "same", old, fresh }];
    if (decision.kind === "update") return [{ kind: "update", old, fresh, changedKeys: decision.changedKeys, ignoreChanges: goal.ignoreChanges }];
    if (decision.kind === "protected") {
      throw this.#refuse(fresh.urn, "it would be replaced, but is protected; take the protection off first");
    }
    if (decision.kind === "recreate") return [{ kind: "create", fresh, replaces: { old, changedKeys: [], deleteLater: false } }];
    // A replacement has no past: defaults that were carried over from the old inputs are computed anew.
    fresh.inputs = await this.#check(fresh, {}, goal.inputs);
    const { changedKeys, deleteFirst } = decision;
    const create: Step = { kind: "create", fresh, replaces: { old, changedKeys, deleteLater: !deleteFirst } };
    return deleteFirst ? [...(await this.#deletionsFirst(old)), create] : [create];
  }

  /** Deletions that must come before a resource is replaced: dependents whose replacement follows from it, then itself. */
  async #deletionsFirst(root: ResourceState): Promise<readonly Step[]> {
    const condemned: ResourceState[] = [];
    const urns = new Set([root.urn]);
    for (const dependent of dependentsOf(this.#context.snapshot.base, root)) {
      if (this.#operatedOn.has(dependent.urn) || this.#deletedFirst.has(dependent)) continue;
      if (!(await this.#isReplacedWith(dependent, urns))) continue;
      if (dependent.protect === true && dependent.delete !== true) {
        throw this.#refuse(dependent.urn, "it would be deleted to replace what it depends on, but is protected");
      }
      urns.add(dependent.urn);
      condemned.unshift(dependent);
    }
    await this.#ensureProvider(root);
    if (root.pendingReplacement !== true) condemned.push(root);
    for (const state of condemned) this.#deletedFirst.add(state);
    return condemned.map((old) => ({ kind: "delete", old, because: old.delete === true ? "replaced" : "to-be-replaced" }));
  }

  /** Whether a dependent is replaced once properties that came from `urns` change in a way nobody knows yet. */
  async #isReplacedWith(dependent: ResourceState, urns: ReadonlySet<Urn>): Promise<boolean> {
    if (!dependent.custom) return false;
    if (dependent.provider !== undefined && urns.has(parseReference(dependent.provider).urn)) {
      await this.#ensureProvider(dependent);
      return true;
    }
    const depends = (key: string): boolean => (dependent.propertyDependencies?.[key] ?? []).some((urn) => urns.has(urn));
    if (!Object.keys(dependent.inputs).some(depends)) return false;
    const inputs = Object.fromEntries(Object.entries(dependent.inputs).map(([key, value]) => [key, depends(key) ? unknownValue : value]));
    await this.#ensureProvider(dependent);
    const diff = await this.#diffOf(dependent, { ...dependent, inputs }, dependent.ignoreChanges ?? []);
    const decision = decideChange({
      old: { protect: false, pendingReplacement: false, initErrors: false },
      new: { protect: false, deleteBeforeReplace: undefined, replaceOnChanges: dependent.replaceOnChanges ?? [] },
      deletedBefore: false,
      diff,
    });
    return decision.kind === "replace";
  }

  #findOld(urn: Urn, goal: Goal): ResourceState | undefined {
    const direct = this.#olds.get(urn);
    if (direct !== undefined) return direct;
    const parentAlias = goal.parent === undefined ? undefined : this.#aliased.get(goal.parent);
    const aliases = goal.aliases.map((alias) => {
      if (!("parent" in alias) || alias.parent === undefined) return alias;
      return { ...alias, parent: this.#aliased.get(alias.parent) ?? alias.parent };
    });
    const found = aliasUrns(this.#context.scope, goal, aliases, parentAlias).find((alias) => this.#olds.has(alias));
    if (found === undefined) return undefined;
    if (this.#registered.has(found) || this.#claimed.has(found)) {
      throw new EngineError("configuration", `${urn} has the alias ${found}, which is another resource's`);
    }
    this.#aliased.set(urn, found);
    this.#claimed.set(found, urn);
    this.#context.snapshot.rename(found, urn);
    return this.#olds.get(found);
  }

  async #check(fresh: ResourceState, olds: PropertyMap, news: PropertyMap): Promise<PropertyMap> {
    if (!fresh.custom) return news;
    const { inputs, failures } = isProviderType(fresh.type)
      ? await this.#context.providers.check(fresh.urn, olds, news)
      : await (await this.#context.providers.get(fresh.provider ?? "")).check(fresh.urn, olds, news);
    if (failures.length === 0) return inputs;
    const reasons = failures.map(({ property, reason }) => (property === "" ? reason : `${property}: ${reason}`));
    throw this.#refuse(fresh.urn, `its inputs are invalid: ${reasons.join("; ")}`);
  }

  async #diff(old: ResourceState, fresh: ResourceState, goal: Goal): Promise<ProviderDiff> {
    if (await this.#providerChanged(old, fresh)) return replacementBecauseOf("provider");
    return await this.#diffOf(old, fresh, goal.ignoreChanges);
  }

  async #diffOf(old: ResourceState, fresh: ResourceState, ignored: readonly string[]): Promise<ProviderDiff> {
    if (!fresh.custom) return diffOfInputs(old.inputs, fresh.inputs);
    if (isProviderType(fresh.type)) return await this.#context.providers.diff(fresh.urn, old, fresh.inputs);
    const provider = await this.#context.providers.get(fresh.provider ?? "");
    const existing = { urn: fresh.urn, id: old.id ?? "", oldInputs: old.inputs, oldOutputs: old.outputs };
    const diff = await provider.diff(existing, fresh.inputs, ignored);
    const own = diffOfInputs(old.inputs, fresh.inputs);
    if (diff.changes === "unknown") return own;
    // The TypeScript provider server never says which keys changed; the inputs do.
    return diff.changes === "some" && diff.changedKeys.length === 0 ? { ...diff, changedKeys: own.changedKeys } : diff;
  }

  async #providerChanged(old: ResourceState, fresh: ResourceState): Promise<boolean> {
    if (old.provider === fresh.provider) return false;
    if (old.provider === undefined || fresh.provider === undefined) return true;
    const [before, after] = [parseReference(old.provider), parseReference(fresh.provider)];
    if (this.#aliased.get(after.urn) === before.urn) return false;
    const oldProvider = providerStateOf(this.#context.snapshot.base, old.provider);
    const newProvider = this.#registered.get(after.urn);
    if (oldProvider === undefined || newProvider === undefined) return true;
    return await this.#context.providers.isIncompatible(oldProvider, newProvider);
  }

  async #ensureProvider(state: ResourceState): Promise<void> {
    const provider = state.provider === undefined ? undefined : providerStateOf(this.#context.snapshot.base, state.provider);
    if (provider !== undefined) await this.#context.providers.ensure(provider);
  }

  #refuse(urn: Urn, message: string): AbortedError {
    const { abort, log } = this.#context;
    log.say("error", `${urn}: ${message}`, urn);
    abort.because(new EngineError("resource-failed", `${urn}: ${message}`));
    return new AbortedError();
  }
}

function newState(urn: Urn, goal: Goal, old: ResourceState | undefined): ResourceState {
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
    ...(old === undefined || old.urn === urn ? {} : { aliases: [old.urn] }),
  };
}
