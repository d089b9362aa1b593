import cluster from "node:cluster";
import type { Logger } from "pino";
import type { Instance } from "../http/instance.ts";
import { PrimaryMetrics } from "./primary-metrics.ts";
import { RestartDelay } from "./restart-delay.ts";
import { SummedMetrics } from "./summed-metrics.ts";
import { WorkerProcess } from "./worker-process.ts";

/** A scrape takes what a worker said last when it does not answer; a forgetting that is not confirmed has failed. */
const metricsTimeoutMs = 2_000;
const forgetTimeoutMs = 10_000;

export interface WorkersOptions {
  readonly count: number;
  /** What differs from the primary's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly logger: Logger;
}

/** The workers of an instance: one answers for all, and one that dies is replaced. */
export class Workers implements Instance {
  readonly #options: WorkersOptions;
  readonly #living = new Set<WorkerProcess>();
  readonly #sums = new SummedMetrics();
  readonly #own = new PrimaryMetrics();
  readonly #delays: readonly RestartDelay[];
  #stopping = false;
  #served = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
    this.#delays = Array.from({ length: options.count }, () => new RestartDelay());
  }

  /** Rejects when one ends before any has served: then it is the configuration or the port, and trying again is vain. */
  start(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    cluster.on("listening", () => {
      this.#served = true;
      resolve();
    });
    for (const delay of this.#delays) this.#fork(delay, reject);
    return promise;
  }

  notReady(): string | undefined {
    if (this.#stopping) return "draining";
    const reasons = [...this.#living].map(({ notReady }) => notReady);
    return reasons.includes(undefined) ? undefined : (reasons[0] ?? "no worker");
  }

  async metrics(): Promise<string> {
    const own = await this.#own.snapshot(this.#living.size);
    await Promise.all([...this.#living].map((worker) => refresh(worker)));
    return this.#sums.text([own, ...[...this.#living].map(({ snapshot }) => snapshot)]);
  }

  async forget(): Promise<void> {
    const answers = await Promise.all([...this.#living].map((worker) => worker.ask("forget", forgetTimeoutMs)));
    if (answers.some((answer) => answer === undefined || answer.failed)) throw new Error("a worker has not forgotten");
  }

  /** Every worker answers what is in flight; resolves when the last one has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const worker of this.#living) worker.stop();
    await Promise.all([...this.#living].map(({ exited }) => exited));
  }

  kill(): void {
    for (const worker of this.#living) worker.kill();
  }

  #fork(delay: RestartDelay, onVain: (reason: Error) => void): void {
    const worker = new WorkerProcess(cluster.fork(this.#options.env));
    this.#living.add(worker);
    void this.#replaceWhenGone(worker, delay, onVain);
  }

  async #replaceWhenGone(worker: WorkerProcess, delay: RestartDelay, onVain: (reason: Error) => void): Promise<void> {
    const how = await worker.exited;
    this.#living.delete(worker);
    this.#sums.keep(worker.snapshot);
    if (this.#stopping) return;
    if (!this.#served) return onVain(new Error(`a worker ended with ${how} before it served anyone`));
    this.#own.restarts.inc();
    const delayMs = delay.after(performance.now() - worker.startedAt);
    this.#options.logger.error({ worker: worker.id, how, delayMs }, "a worker died and is replaced");
    setTimeout(() => {
      if (!this.#stopping) this.#fork(delay, onVain);
    }, delayMs).unref();
  }
}

async function refresh(worker: WorkerProcess): Promise<void> {
  const answer = await worker.ask("metrics", metricsTimeoutMs);
  if (answer?.metrics !== undefined) worker.snapshot = answer.metrics;
}
