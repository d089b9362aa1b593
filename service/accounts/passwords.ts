import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { HashQueue } from "./hash-queue.ts";

/** OWASP's second choice of argon2id (the library's default algorithm): 19 MiB, about 20 ms of one core. */
export const passwordParameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/**
 * Hashes that run at once: one a core, because two on the same core drive each other's 19 MiB out of its cache (a quarter more
 * logins a second with one), and at most two, because each takes that memory.
 */
export const hashesAtOnce = Math.min(2, availableParallelism());
/** Hashes that may wait: about one second of work on one core, half the response objective. */
const maxWaiting = 48;
/** A tenth more logins a second than one by one and half of them sooner; who waits longest waits a sixth longer. */
const together = 6;

/** Hashes and checks passwords, with a bound on how much of the process they may take. Throws PasswordsBusy. */
export class Passwords {
  readonly #queue = new HashQueue({ atOnce: hashesAtOnce, maxWaiting, together });
  #nobodysHash: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.#queue.run(() => hash(password, passwordParameters));
  }

  /** Checks against `storedHash`; without one it takes the same time and is false, so that timing tells nothing. */
  async matches(storedHash: string | undefined, password: string): Promise<boolean> {
    this.#nobodysHash ??= hash("a password that nobody has", passwordParameters);
    const compared = storedHash ?? (await this.#nobodysHash);
    const same = await this.#queue.run(() => verify(compared, password));
    return storedHash !== undefined && same;
  }
}
