export type StopName = "SIGINT" | "SIGTERM";
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Listens for SIGINT and SIGTERM: the first asks for a clean stop, the third leaves at once (state and records allow that). A
 * terminal that is closed (SIGHUP) counts as SIGTERM.
 */
export class StopSignal {
  readonly #controller = new AbortController();
  readonly #onFirst: (signal: StopName) => void;
  readonly #handler = (signal: NodeJS.Signals): void => this.#take(signal === "SIGINT" ? "SIGINT" : "SIGTERM");
  #count = 0;
  #name: StopName | undefined;

  constructor(onFirst: (signal: StopName) => void) {
    this.#onFirst = onFirst;
    for (const signal of signals) process.on(signal, this.#handler);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The first signal that came. */
  get name(): StopName | undefined {
    return this.#name;
  }

  /** Stops listening, so that a signal ends the process as usual. */
  close(): void {
    for (const signal of signals) process.off(signal, this.#handler);
  }

  #take(name: StopName): void {
    this.#count += 1;
    if (this.#count === 1) {
      this.#name = name;
      this.#onFirst(name);
      this.#controller.abort();
    }
    if (this.#count >= 3) process.exit(name === "SIGINT" ? 130 : 143);
  }
}

/** Runs what must not be left half-way, through signals to its end. */
export async function throughSignals<T>(work: () => Promise<T>): Promise<T> {
  const stop = new StopSignal((name) =>
    process.stderr.write(`${name}: what has begun is being finished; two more leave at once\n`),
  );
  try {
    return await work();
  } finally {
    stop.close();
  }
}
