/** Store of text under keys, with time to live. Losing an entry is always allowed; giving a removed one is not. */
export interface Cache {
  /** True when all processes of the shop share it. */
  readonly shared: boolean;
  /** Memory that it takes in this process, in bytes. */
  readonly bytes: number;
  get(key: string): Promise<string | undefined>;
  /** Announces that the value of `key` is being loaded; `taken` when another process has done so. */
  reserve(key: string): Promise<Reservation | "taken" | undefined>;
  /** Stores what was loaded, unless the key was removed or reserved again since: then it may be out of date. */
  fill(reservation: Reservation, value: string, ttlSeconds: number): Promise<void>;
  /** Gives a reservation up: there was nothing to store. */
  release(reservation: Reservation): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Removes every key that begins with `start`, loads under way included. */
  removeAll(start: string): Promise<void>;
  /** Calls back with what another process removed: keys, or beginnings of keys; `undefined` when some were missed. */
  onRemoved(heard: (removed: Removal | undefined) => void): void;
  /** Forgets everything, loads under way included; throws when it may not have. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface Reservation {
  readonly key: string;
  readonly token: string;
}

/** What to drop: these keys, and every key that begins with one of these starts. */
export interface Removal {
  readonly keys: readonly string[];
  readonly starts: readonly string[];
}
