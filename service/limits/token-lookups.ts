import { figures } from "../contract/figures.ts";

/** What the seed lets an address ask of the API in a minute is enough of wrong tokens too. */
const { windowSeconds, before: maxWrong } = figures.rateLimits.find(({ name }) => name === "api") ?? {
  windowSeconds: 60,
  before: 100,
};
/** Bounds the memory; when it is full everyone starts again. */
const maxAddresses = 20_000;

/**
 * Wrong access tokens by client address, in this process: each costs a query that no cache can answer, and the limits count
 * a request only once it is known whose it is.
 */
export class TokenLookups {
  readonly #now: () => number;
  readonly #wrong = new Map<string, number>();
  #windowEndsAt = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Seconds for which the database is asked no more for this address; 0 when it may be. */
  waitSeconds(address: string): number {
    this.#startWindow();
    const exhausted = (this.#wrong.get(address) ?? 0) >= maxWrong;
    return exhausted ? Math.max(1, Math.ceil((this.#windowEndsAt - this.#now()) / 1_000)) : 0;
  }

  wasWrong(address: string): void {
    this.#startWindow();
    this.#wrong.set(address, (this.#wrong.get(address) ?? 0) + 1);
  }

  #startWindow(): void {
    if (this.#now() < this.#windowEndsAt && this.#wrong.size < maxAddresses) return;
    this.#wrong.clear();
    this.#windowEndsAt = this.#now() + windowSeconds * 1_000;
  }
}
