import { EngineError } from "../engine.ts";
import { AbortedError } from "./abort.ts";
import { aliasUrns } from "./alias.ts";
import { condemnDependents } from "./condemn-dependents.ts";
import { decideChange, diffOfInputs, type Decision, type OldFacts, type ProviderDiff } from "./decide-change.ts";
import type { Executor } from "./executor.ts";
import type { Goal } from "./goal.ts";
import { ignoreChanges } from "./ignore-changes.ts";
import { newState } from "./new-state.ts";
import type { OperationContext } from "./operation-context.ts";
import type { PropertyMap } from "./property-value.ts";
import { ResourceDiffer } from "./resource-differ.ts";
import type { ResourceState } from "./resource-state.ts";
import type { Step } from "./step.ts";
import { makeUrn, nameOf, typeOf, type Urn } from "./urn.ts";

/**
 * Turns what the program registers into steps and has them carried out. Decisions are made one after another, as in
 * Pulumi; the steps run side by side.
 */
export class Registrar {
  readonly #context: OperationContext;
  readonly #executor: Executor;
  readonly #differ: ResourceDiffer;
  readonly #olds = new Map<Urn, ResourceState>();
  readonly #registered = new Map<Urn, ResourceState>();
  /** New URN → the old one under which it was found. */
  readonly #aliased = new Map<Urn, Urn>();
  readonly #claimed = new Set<Urn>();
  /** Old states that had to go before what they depend on was replaced. */
  readonly #deletedFirst = new Set<ResourceState>();
  readonly #operatedOn = new Set<Urn>();
  #deciding: Promise<unknown> = Promise.resolve();

  constructor(context: OperationContext, executor: Executor) {
    this.#context = context;
    this.#executor = executor;
    this.#differ = new ResourceDiffer(context);
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
    const urn = this.#urnOf(goal);
    const old = this.#findOld(urn, goal);
    const fresh = newState(urn, goal, old);
    this.#registered.set(urn, fresh);
    const deletedBefore = old !== undefined && this.#deletedFirst.has(old);
    // What was deleted has no past to compare with.
    const past = deletedBefore ? undefined : old;
    if (past !== undefined) fresh.inputs = ignoreChanges(past.inputs, goal.inputs, goal.ignoreChanges);
    fresh.inputs = await this.#check(fresh, past?.inputs ?? {}, fresh.inputs);
    const decision = decideChange({
      old: old === undefined ? undefined : factsOf(old),
      new: {
        protect: fresh.protect === true,
        deleteBeforeReplace: goal.deleteBeforeReplace,
        replaceOnChanges: goal.replaceOnChanges,
      },
      deletedBefore,
      diff: past === undefined ? diffOfInputs({}, {}) : await this.#diff(past, fresh, goal),
    });
    this.#operatedOn.add(urn);
    return { fresh, steps: await this.#plan(decision, goal, { old, fresh }) };
  }

  async #plan(
    decision: Decision,
    goal: Goal,
    { old, fresh }: { old: ResourceState | undefined; fresh: ResourceState },
  ): Promise<readonly Step[]> {
    if (decision.kind === "create" || old === undefined) return [{ kind: "create", fresh }];
    if (decision.kind === "same") return [{ kind: "same", old, fresh }];
    if (decision.kind === "update") {
      return [{ kind: "update", old, fresh, changedKeys: decision.changedKeys, ignoreChanges: goal.ignoreChanges }];
    }
    if (decision.kind === "protected") {
      throw this.#refuse(fresh.urn, "it would be replaced, but is protected; take the protection off first");
    }
    if (decision.kind === "recreate") {
      return [{ kind: "create", fresh, replaces: { old, changedKeys: [], deleteLater: false } }];
    }
    // A replacement has no past: defaults that were carried over from the old inputs are computed anew.
    fresh.inputs = await this.#check(fresh, {}, goal.inputs);
    const { changedKeys, deleteFirst } = decision;
    const create: Step = { kind: "create", fresh, replaces: { old, changedKeys, deleteLater: !deleteFirst } };
    return deleteFirst ? [...(await this.#deletionsFirst(old)), create] : [create];
  }

  /** Deletions ahead of a replacement: dependents whose own replacement follows from it, then the resource itself. */
  async #deletionsFirst(root: ResourceState): Promise<readonly Step[]> {
    const isSettled = (state: ResourceState): boolean =>
      this.#operatedOn.has(state.urn) || this.#deletedFirst.has(state);
    const dependents = await condemnDependents(this.#context.snapshot.base, root, this.#differ, isSettled);
    const kept = dependents.find((state) => state.protect === true && state.delete !== true);
    if (kept !== undefined) {
      throw this.#refuse(kept.urn, `it would be deleted to replace ${nameOf(root.urn)}, but is protected`);
    }
    await this.#differ.ensureProvider(root);
    const condemned = root.pendingReplacement === true ? dependents : [...dependents, root];
    for (const state of condemned) this.#deletedFirst.add(state);
    return condemned.map((old) => ({
      kind: "delete",
      old,
      because: old.delete === true ? "replaced" : "to-be-replaced",
    }));
  }

  #urnOf(goal: Goal): Urn {
    const urn = makeUrn(this.#context.scope, goal.parent, goal.type, goal.name);
    if (this.#registered.has(urn)) {
      throw new EngineError("configuration", `two resources have the URN ${urn}; names must differ`);
    }
    if (goal.parent !== undefined && !this.#registered.has(goal.parent)) {
      throw new EngineError("configuration", `the parent ${goal.parent} of ${urn} is not registered`);
    }
    return urn;
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
    this.#claimed.add(found);
    this.#context.snapshot.rename(found, urn);
    return this.#olds.get(found);
  }

  async #check(fresh: ResourceState, olds: PropertyMap, news: PropertyMap): Promise<PropertyMap> {
    const { inputs, failures } = await this.#differ.check(fresh, olds, news);
    if (failures.length === 0) return inputs;
    const reasons = failures.map(({ property, reason }) => (property === "" ? reason : `${property}: ${reason}`));
    throw this.#refuse(fresh.urn, `its inputs are invalid: ${reasons.join("; ")}`);
  }

  async #diff(old: ResourceState, fresh: ResourceState, goal: Goal): Promise<ProviderDiff> {
    const ofProvider = await this.#differ.diffProvider(old, fresh, {
      stateOf: (urn) => this.#registered.get(urn),
      oldUrnOf: (urn) => this.#aliased.get(urn),
    });
    return ofProvider ?? (await this.#differ.diff(old, fresh, goal.ignoreChanges));
  }

  #refuse(urn: Urn, message: string): AbortedError {
    const { abort, log } = this.#context;
    const what = `${nameOf(urn)} (${typeOf(urn)}): ${message}`;
    log.say("error", what, urn);
    abort.because(new EngineError("resource-failed", what));
    return new AbortedError();
  }
}

function factsOf({ protect, pendingReplacement, initErrors }: ResourceState): OldFacts {
  return {
    protect: protect === true,
    pendingReplacement: pendingReplacement === true,
    initErrors: (initErrors ?? []).length > 0,
  };
}
