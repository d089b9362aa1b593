import { WindowMap } from "./window-map.ts";

/** From this many distinct signed-in users on, an address is an office or a mobile network, not one person. */
const sharedFrom = 5;
const rememberMs = 600_000;

/** A user at an address, and when it was last seen there, in ms. */
interface Seen {
  readonly accountId: number;
  readonly atMs: number;
}

/** Those seen last at an address, at most `sharedFrom` and oldest first; most addresses have one, so that a list is smallest. */
interface Users {
  seen: readonly Seen[];
  endsAtMs: number;
}

/** Knows which client addresses several signed-in users share, from what this process saw in the last ten minutes. */
export class SharedAddresses {
  readonly #now: () => number;
  readonly #users: WindowMap<Users>;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#users = new WindowMap(rememberMs, now);
  }

  see(address: string, accountId: number): void {
    const atMs = this.#now();
    const users = this.#users.get(address) ?? this.#users.begin(address, { seen: [], endsAtMs: 0 });
    const others = users.seen.filter((one) => one.accountId !== accountId);
    users.seen = [...others, { accountId, atMs }].slice(-sharedFrom);
    users.endsAtMs = atMs + rememberMs;
  }

  isShared(address: string): boolean {
    const seen = this.#users.get(address)?.seen ?? [];
    const since = this.#now() - rememberMs;
    return seen.length === sharedFrom && seen.every(({ atMs }) => atMs > since);
  }
}
