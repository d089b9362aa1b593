import { EngineError } from "../engine.ts";

/** Thrown to whoever waits for something that will not happen any more; the reason is in `Abort.reason`. */
export class AbortedError extends Error {
  constructor() {
    super("the operation has been given up");
    this.name = "AbortedError";
  }
}

/** Whether an operation is to stop: no new step starts, running ones finish. The first reason is the one that counts. */
export class Abort {
  #reason: EngineError | undefined;
  readonly #listeners: (() => void)[] = [];

  get reason(): EngineError | undefined {
    return this.#reason;
  }

  because(reason: EngineError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const listener of this.#listeners) listener();
  }

  /** The same for whatever a step threw; AbortedError only says that there is a reason already. */
  becauseOf(fault: unknown): void {
    if (fault instanceof AbortedError) return;
    this.because(fault instanceof EngineError ? fault : faultOf(fault));
  }

  onAbort(listener: () => void): void {
    if (this.#reason === undefined) this.#listeners.push(listener);
    else listener();
  }

  throwIfAborted(): void {
    if (this.#reason !== undefined) throw new AbortedError();
  }

  /** The promise, or AbortedError as soon as the operation is given up. */
  async race<T>(promise: Promise<T>): Promise<T> {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => this.onAbort(() => reject(new AbortedError()))),
    ]);
  }
}

function faultOf(fault: unknown): EngineError {
  return new EngineError("resource-failed", fault instanceof Error ? fault.message : String(fault), { cause: fault });
}
