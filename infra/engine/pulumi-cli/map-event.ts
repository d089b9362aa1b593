import { isDeepStrictEqual } from "node:util";
import type { EngineEvent as CliEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { EngineEvent, OperationResult, ResourceOperation } from "../engine.ts";

type Steps = OperationResult["steps"];

/** Operations of the CLI that shopctl knows; the others are the CLI's own bookkeeping. */
const operations: Readonly<Record<string, ResourceOperation>> = {
  same: "same",
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "create-replacement",
  "delete-replaced": "delete-replaced",
  read: "read",
  refresh: "refresh",
};

/** Follows the CLI's event log: tells of it in shopctl's events and keeps what the result needs. */
export class EventMapper {
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #started = new Map<string, number>();
  readonly #steps: Steps[number][] = [];
  readonly #errors: string[] = [];
  #changes: Partial<Record<ResourceOperation, number>> = {};
  #resourceFailed = false;

  constructor(onEvent: (event: EngineEvent) => void = () => {}) {
    this.#onEvent = onEvent;
  }

  get changes(): OperationResult["changes"] {
    return this.#changes;
  }

  get steps(): Steps {
    return this.#steps;
  }

  get errors(): readonly string[] {
    return this.#errors;
  }

  /** Whether a provider operation failed, as against the program or its configuration. */
  get resourceFailed(): boolean {
    return this.#resourceFailed;
  }

  accept(event: CliEvent): void {
    if (event.resourcePreEvent !== undefined) this.#before(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent !== undefined) this.#after(event.resOutputsEvent.metadata);
    if (event.resOpFailedEvent !== undefined) this.#failed(event.resOpFailedEvent.metadata);
    if (event.summaryEvent !== undefined) this.#changes = knownOnly(event.summaryEvent.resourceChanges);
    const diagnostic = event.diagnosticEvent;
    if (diagnostic === undefined || diagnostic.ephemeral === true) return;
    const severity = diagnostic.severity === "info#err" ? "info" : diagnostic.severity;
    const message = diagnostic.message.trimEnd();
    if (message === "") return;
    if (severity === "error") {
      this.#errors.push(message);
      // The program's own failures are told of the stack; a refusal or invalid inputs of their resource.
      if (
        diagnostic.urn !== undefined &&
        diagnostic.urn !== "" &&
        !diagnostic.urn.includes("::pulumi:pulumi:Stack::")
      ) {
        this.#resourceFailed = true;
      }
    }
    this.#onEvent({ kind: "diagnostic", severity, message, ...(diagnostic.urn ? { urn: diagnostic.urn } : {}) });
  }

  #before(step: StepEventMetadata): void {
    const about = describe(step);
    if (about === undefined || about.operation === "same") return;
    // What a refresh found is known only when it has read the resource.
    if (about.operation !== "refresh" && (step.logical === true || about.operation === "replace"))
      this.#steps.push({ ...about, changedKeys: keysOf(step) });
    // A replacement is announced as a whole too; what happens is its creation and its deletion.
    if (about.operation === "replace") return;
    this.#started.set(`${about.operation} ${about.urn}`, performance.now());
    this.#onEvent({ kind: "resource-started", ...about });
  }

  #after(step: StepEventMetadata): void {
    const about = describe(step);
    if (about !== undefined && this.#started.has(`refresh ${about.urn}`)) return this.#refreshed(step, about);
    const from = about === undefined ? undefined : this.#started.get(`${about.operation} ${about.urn}`);
    if (about === undefined || from === undefined) return;
    this.#started.delete(`${about.operation} ${about.urn}`);
    this.#onEvent({
      kind: "resource-finished",
      ...about,
      durationMs: performance.now() - from,
      changedKeys: keysOf(step),
    });
  }

  /** The result of a refresh comes under the name of the change that it found. */
  #refreshed(step: StepEventMetadata, about: Omit<Steps[number], "changedKeys">): void {
    const from = this.#started.get(`refresh ${about.urn}`) ?? performance.now();
    this.#started.delete(`refresh ${about.urn}`);
    const outputs = (step.new?.outputs ?? {}) as Readonly<Record<string, unknown>>;
    const before = (step.old?.outputs ?? {}) as Readonly<Record<string, unknown>>;
    const keys = [...new Set([...Object.keys(before), ...Object.keys(outputs)])];
    const isGone = about.operation === "delete";
    const changedKeys = isGone ? [] : keys.filter((key) => !isDeepStrictEqual(before[key], outputs[key])).toSorted();
    if (isGone) this.#steps.push({ ...about, changedKeys });
    else if (about.operation !== "same" && changedKeys.length > 0) {
      const found = Object.fromEntries(Object.entries(outputs).filter(([key]) => changedKeys.includes(key)));
      this.#steps.push({ ...about, changedKeys, found });
    }
    const durationMs = performance.now() - from;
    this.#onEvent({ kind: "resource-finished", ...about, operation: "refresh", durationMs, changedKeys });
  }

  #failed(step: StepEventMetadata): void {
    this.#resourceFailed = true;
    const about = describe(step);
    // The reason comes as a diagnostic of its own, before this event.
    if (about !== undefined)
      this.#onEvent({ kind: "resource-failed", ...about, message: this.#errors.at(-1) ?? "failed" });
  }
}

function describe(step: StepEventMetadata): Omit<Steps[number], "changedKeys"> | undefined {
  const operation = operations[step.op];
  const name = step.urn.split("::").slice(3).join("::");
  const isDefault = step.type.startsWith("pulumi:providers:") && /^default(_|$)/.test(name);
  return operation === undefined || isDefault ? undefined : { operation, urn: step.urn, type: step.type, name };
}

function keysOf(step: StepEventMetadata): readonly string[] {
  return [...new Set([...(step.diffs ?? []), ...(step.keys ?? [])])];
}

function knownOnly(changes: Readonly<Record<string, number | undefined>>): OperationResult["changes"] {
  const known = Object.entries(changes).filter(([name, count]) => name in operations && (count ?? 0) > 0);
  return Object.fromEntries(known);
}
