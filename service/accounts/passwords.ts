import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";

/** OWASP's second choice of argon2id (the library's default algorithm): 19 MiB, about 20 ms of one core. */
export const passwordParameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/**
 * Hashes that run at once: one a core, because two on the same core drive each other's 19 MiB out of its cache (a quarter more
 * logins a second with one), and at most two, because each takes that memory.
 */
export const hashesAtOnce = Math.min(2, availableParallelism());
/** Hashes that may wait: about one second of work on one core, half the response objective. */
const maxWaiting = 48;

/** Thrown instead of queueing when too many passwords are being hashed; answered with 503 and Retry-After. */
export class PasswordsBusy extends Error {
  readonly retryAfterSeconds = 2;
}

/** Hashes and checks passwords, with a bound on how much of the process they may take. Throws PasswordsBusy. */
export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #nobodysHash: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.#bounded(() => hash(password, passwordParameters));
  }

  /** Checks against `storedHash`; without one it takes the same time and is false, so that timing tells nothing. */
  async matches(storedHash: string | undefined, password: string): Promise<boolean> {
    this.#nobodysHash ??= hash("a password that nobody has", passwordParameters);
    const compared = storedHash ?? (await this.#nobodysHash);
    const same = await this.#bounded(() => verify(compared, password));
    return storedHash !== undefined && same;
  }

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= hashesAtOnce) {
      if (this.#waiting.length >= maxWaiting) throw new PasswordsBusy("too many passwords are being hashed");
      // The one that ends hands its place over, so that nobody can take it in between.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
