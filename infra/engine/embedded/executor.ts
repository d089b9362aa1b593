import { EngineError, type ResourceOperation } from "../engine.ts";
import { AbortedError } from "./abort.ts";
import { markSecrets } from "./marshal.ts";
import type { OperationContext } from "./operation-context.ts";
import { callCreate, callDelete, callUpdate } from "./provider-calls.ts";
import { ProviderError } from "./provider-error.ts";
import type { PendingKind, ResourceState } from "./resource-state.ts";
import type { Replacement, Step } from "./step.ts";
import { isProviderType, nameOf, typeOf, type Urn } from "./urn.ts";

/** One change of one resource, as it is announced, recorded and reported. */
interface Attempt {
  readonly operation: ResourceOperation;
  readonly pending: PendingKind;
  readonly subject: ResourceState;
  readonly keys: readonly string[];
  readonly old?: ResourceState;
  readonly replaces?: Replacement;
}

/** Provider calls at a time, as Pulumi has for its own. */
const parallel = 16;

/**
 * Carries steps out. Each provider call stands in the state as pending before it starts; only an answer takes it away.
 */
export class Executor {
  readonly #context: OperationContext;
  readonly #running = new Set<Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #places = parallel;
  /** URNs that are deleted in this operation; what is `deletedWith` one of them needs no call of its own. */
  readonly deletedUrns = new Set<Urn>();

  constructor(context: OperationContext) {
    this.#context = context;
  }

  /** Throws AbortedError when the operation is given up before, or because of, this step. */
  async run(step: Step): Promise<void> {
    const work = this.#inTurn(async () => {
      this.#context.abort.throwIfAborted();
      if (step.kind === "same") await this.#same(step);
      else if (step.kind === "create") await this.#create(step);
      else if (step.kind === "update") await this.#update(step);
      else await this.#delete(step);
    });
    this.#running.add(work);
    try {
      await work;
    } finally {
      this.#running.delete(work);
    }
  }

  /** Resolves when no step runs any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #same({ old, fresh }: Extract<Step, { kind: "same" }>): Promise<void> {
    const { log, providers, preview, snapshot } = this.#context;
    if (old.id !== undefined) fresh.id = old.id;
    fresh.outputs = old.outputs;
    // Inputs that the provider calls unchanged are configured as they were.
    if (isProviderType(fresh.type)) await providers.ensure({ ...fresh, inputs: old.inputs });
    log.count("same", fresh.urn);
    if (!preview) snapshot.keep({ fresh, gone: old });
  }

  async #create({ fresh, replaces }: Extract<Step, { kind: "create" }>): Promise<void> {
    const operation = replaces === undefined ? "create" : "create-replacement";
    const keys = replaces?.changedKeys ?? [];
    const about = {
      operation,
      pending: "creating",
      subject: fresh,
      keys,
      ...(replaces === undefined ? {} : { replaces }),
    } as const;
    await this.#operate(about, async () => {
      const { id, outputs } = await callCreate(this.#context, fresh);
      if (id !== "") fresh.id = id;
      fresh.outputs = markSecrets(outputs, fresh.inputs, fresh.additionalSecretOutputs ?? []);
      fresh.created = fresh.modified = new Date().toISOString();
      return { fresh, gone: this.#retire(replaces) };
    });
    this.#context.log.count(replaces === undefined ? "create" : "replace", fresh.urn, keys);
  }

  /** The replaced one is now to be deleted later, or it has been and leaves the state. */
  #retire(replaces: Replacement | undefined): ResourceState | undefined {
    if (replaces?.deleteLater === true && !this.#context.preview) replaces.old.delete = true;
    return replaces?.old.pendingReplacement === true ? replaces.old : undefined;
  }

  async #update(step: Extract<Step, { kind: "update" }>): Promise<void> {
    const { old, fresh, changedKeys } = step;
    if (old.id !== undefined) fresh.id = old.id;
    await this.#operate(
      { operation: "update", pending: "updating", subject: fresh, keys: changedKeys, old },
      async () => {
        const outputs = await callUpdate(this.#context, step);
        fresh.outputs = markSecrets(outputs, fresh.inputs, fresh.additionalSecretOutputs ?? []);
        if (fresh.custom) fresh.modified = new Date().toISOString();
        return { fresh, gone: old };
      },
    );
    this.#context.log.count("update", fresh.urn, changedKeys);
  }

  async #delete({ old, because }: Extract<Step, { kind: "delete" }>): Promise<void> {
    const { log, preview } = this.#context;
    const operation = because === "unwanted" ? "delete" : "delete-replaced";
    if (because === "unwanted" && old.protect === true) {
      throw this.#fail(operation, old.urn, "it is protected; take the protection off before deleting it");
    }
    await this.#operate({ operation, pending: "deleting", subject: old, keys: [] }, async () => {
      const owned = old.deletedWith !== undefined && this.deletedUrns.has(old.deletedWith);
      if (!preview && !owned) await callDelete(this.#context, old);
      if (because !== "to-be-replaced") return { gone: old };
      if (!preview) old.pendingReplacement = true;
      return {};
    });
    if (because === "unwanted") log.count("delete", old.urn);
  }

  /** The frame around each step that changes something: events, the pending entry, the saved result, the failure. */
  async #operate(
    about: Attempt,
    work: () => Promise<{ readonly fresh?: ResourceState; readonly gone?: ResourceState | undefined }>,
  ): Promise<void> {
    const { log, preview, snapshot } = this.#context;
    const { operation, pending, subject, keys } = about;
    const finish = log.start(operation, subject.urn, keys);
    try {
      if (!preview) await snapshot.begin(pending, subject);
      const change = await work();
      if (!preview) await snapshot.end(subject, change);
      finish();
    } catch (error) {
      const message = log.redact(error instanceof Error ? error.message : String(error));
      // What cannot be written now is written at the operation's end, which throws when it still cannot be.
      if (!preview) await this.#saveFailure(error, about).catch(() => undefined);
      finish(message);
      throw this.#fail(operation, subject.urn, message, error);
    }
  }

  /** Keeps the pending entry when no answer came, and a resource that exists but did not come up. */
  async #saveFailure(error: unknown, { operation, subject, old, replaces }: Attempt): Promise<void> {
    const { snapshot } = this.#context;
    if (!(error instanceof ProviderError) || !error.answered) return await snapshot.flush();
    const { partial } = error;
    if (partial === undefined || operation.startsWith("delete")) return await snapshot.end(subject);
    subject.initErrors = partial.reasons;
    subject.outputs = markSecrets(partial.outputs, subject.inputs, subject.additionalSecretOutputs ?? []);
    // What exists was made by the old inputs or is half way to the new ones: the next update is to run again.
    if (old !== undefined) subject.inputs = old.inputs;
    else subject.id = partial.id;
    await snapshot.end(subject, { fresh: subject, gone: old ?? this.#retire(replaces) });
  }

  #fail(operation: ResourceOperation, urn: Urn, message: string, cause?: unknown): AbortedError {
    const { abort, log } = this.#context;
    const what = `${operation} of ${nameOf(urn)} (${typeOf(urn)}) failed: ${message}`;
    log.say("error", what, urn);
    abort.because(cause instanceof EngineError ? cause : new EngineError("resource-failed", what, { cause }));
    return new AbortedError();
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    // Who waits is handed the place of one that ended; a place that is free is taken at once.
    if (this.#places > 0) this.#places -= 1;
    else await new Promise<void>((wake) => this.#waiting.push(wake));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#places += 1;
      else next();
    }
  }
}
