import type { Worker } from "node:cluster";
import type { FromWorker, MetricsSnapshot, Question, ToWorker, WorkerAnswer } from "./messages.ts";

/** A worker that has been silent for longer is stuck and gets no credit for having been ready. */
const silentAfterMs = 5_000;

/** One worker as the primary knows it. */
export class WorkerProcess {
  readonly startedAt = performance.now();
  /** Its series when it was last asked; what is kept of it when it dies. */
  snapshot: MetricsSnapshot = [];
  /** Resolves with how it ended. */
  readonly exited: Promise<number | string>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: WorkerAnswer | undefined) => void>();
  #notReady: string | null = "starting";
  #toldAt = performance.now();
  #questions = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (message: FromWorker) => this.#hear(message));
    // A channel that breaks is the end of the worker, which `exited` tells.
    worker.on("error", () => undefined);
    this.exited = new Promise((resolve) => {
      worker.once("exit", (code, signal) => {
        for (const settle of this.#waiting.values()) settle(undefined);
        resolve(signal ?? code);
      });
    });
  }

  get id(): number {
    return this.#worker.id;
  }

  get notReady(): string | undefined {
    if (performance.now() - this.#toldAt > silentAfterMs) return "silent";
    return this.#notReady ?? undefined;
  }

  /** Its answer; undefined when it gave none in time. */
  async ask(ask: Question["ask"], timeoutMs: number): Promise<WorkerAnswer | undefined> {
    const id = (this.#questions += 1);
    const { promise, resolve } = Promise.withResolvers<WorkerAnswer | undefined>();
    const timer = setTimeout(resolve, timeoutMs, undefined);
    this.#waiting.set(id, resolve);
    this.#send({ ask, id });
    const answer = await promise;
    clearTimeout(timer);
    this.#waiting.delete(id);
    return answer;
  }

  stop(): void {
    this.#send({ ask: "stop" });
  }

  kill(): void {
    this.#worker.process.kill("SIGKILL");
  }

  #send(message: ToWorker): void {
    if (this.#worker.isConnected()) this.#worker.send(message, () => undefined);
  }

  #hear(message: FromWorker): void {
    this.#toldAt = performance.now();
    if (message.tell === "state") this.#notReady = message.notReady;
    else this.#waiting.get(message.id)?.(message);
  }
}
