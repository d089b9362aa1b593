/** From this many distinct signed-in users on, an address is an office or a mobile network, not one person. */
const sharedFrom = 5;
const rememberMs = 600_000;
/** Bounds the memory: about 10 MB when full. The address not seen for longest goes first. */
const maxAddresses = 20_000;

/** Knows which client addresses several signed-in users share, from what this process saw in the last ten minutes. */
export class SharedAddresses {
  readonly #now: () => number;
  /** Last time that each of at most `sharedFrom` users was seen, by address; both maps are oldest first. */
  readonly #seen = new Map<string, Map<number, number>>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  see(address: string, accountId: number): void {
    const users = this.#seen.get(address) ?? new Map<number, number>();
    this.#seen.delete(address);
    this.#seen.set(address, users);
    users.delete(accountId);
    users.set(accountId, this.#now());
    if (users.size > sharedFrom) dropOldest(users);
    if (this.#seen.size > maxAddresses) dropOldest(this.#seen);
  }

  isShared(address: string): boolean {
    const users = this.#seen.get(address);
    if (users === undefined || users.size < sharedFrom) return false;
    const since = this.#now() - rememberMs;
    return [...users.values()].every((seenAt) => seenAt >= since);
  }
}

function dropOldest(map: Map<unknown, unknown>): void {
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
