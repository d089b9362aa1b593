import type { EngineEvent, OperationResult, ResourceOperation } from "../engine.ts";
import { isDefaultProvider, nameOf, typeOf, type Urn } from "./urn.ts";

type Diagnostic = Extract<EngineEvent, { kind: "diagnostic" }>;

/** Characters. */
const shortestSecret = 6;

/** Tells the caller what happens and counts it; default providers are the engine's own and stay out of both. */
export class OperationLog {
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #changes: Partial<Record<ResourceOperation, number>> = {};
  readonly #steps: OperationResult["steps"][number][] = [];
  readonly #errors: string[] = [];
  #secrets: readonly string[] = [];

  constructor(onEvent: (event: EngineEvent) => void = () => {}) {
    this.#onEvent = onEvent;
  }

  /** Texts that no message may show; short ones are left out, since they would also blot out what is none. */
  hide(secrets: readonly string[]): void {
    this.#secrets = secrets.filter((secret) => secret.length >= shortestSecret);
  }

  /** A message without the secrets. */
  redact(message: string): string {
    return this.#secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), message);
  }

  get changes(): Readonly<Partial<Record<ResourceOperation, number>>> {
    return this.#changes;
  }

  get steps(): OperationResult["steps"] {
    return this.#steps;
  }

  /** Messages of severity error, in order. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  hasChanges(): boolean {
    return this.#steps.length > 0;
  }

  /** Counts what was done to a resource as a whole: a replacement is one, not a creation and a deletion. */
  count(operation: ResourceOperation, urn: Urn, changedKeys: readonly string[] = [], found?: object): void {
    if (isDefaultProvider(urn)) return;
    this.#changes[operation] = (this.#changes[operation] ?? 0) + 1;
    if (operation === "same") return;
    const step = { operation, urn, type: typeOf(urn), name: nameOf(urn), changedKeys };
    this.#steps.push(found === undefined ? step : { ...step, found: { ...found } });
  }

  /** Reports the start; call the result at the end. */
  start(operation: ResourceOperation, urn: Urn, changedKeys: readonly string[] = []): (failure?: string) => void {
    if (isDefaultProvider(urn)) return () => {};
    const about = { operation, urn, type: typeOf(urn), name: nameOf(urn) };
    const from = performance.now();
    this.#onEvent({ kind: "resource-started", ...about });
    return (failure) => {
      if (failure !== undefined) this.#onEvent({ kind: "resource-failed", ...about, message: failure });
      else this.#onEvent({ kind: "resource-finished", ...about, durationMs: performance.now() - from, changedKeys });
    };
  }

  say(severity: Diagnostic["severity"], message: string, urn?: Urn): void {
    const text = this.redact(message.trimEnd());
    if (text === "") return;
    if (severity === "error") this.#errors.push(text);
    this.#onEvent({ kind: "diagnostic", severity, message: text, ...(urn === undefined || urn === "" ? {} : { urn }) });
  }
}
