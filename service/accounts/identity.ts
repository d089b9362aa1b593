import { hashToken } from "./session-tokens.ts";

/** Whom attempts are counted for: an address of mail, whether it has an account or not. */
export interface Identity {
  readonly hash: Buffer;
  /** The same as text, for keys of counters: addresses stand in no cache. */
  readonly key: string;
}

/** Identity of a normalised address. */
export function identityOf(email: string): Identity {
  const hash = hashToken(email);
  return { hash, key: hash.toString("base64url") };
}
