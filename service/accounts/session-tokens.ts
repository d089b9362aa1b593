import { createHash, randomBytes } from "node:crypto";

/** Time that an access token lasts; the session behind it goes on by refreshing. */
const accessMinutes = 15;
/** Days without a refresh after which a session ends. */
const idleDays = 14;

const minuteMs = 60_000;
const dayMs = 86_400_000;
const secretBytes = 32;
const familyBytes = 16;

/** Tokens as their owner gets them. */
export interface IssuedTokens {
  readonly token: string;
  readonly refreshToken: string;
}

/** What is stored of a session's tokens. */
export interface StoredTokens {
  readonly tokenHash: Buffer;
  readonly accessExpiresAt: Date;
  readonly familyHash: Buffer;
  readonly refreshHash: Buffer;
  /** End of the session, unless it is refreshed before. */
  readonly expiresAt: Date;
}

/** A new opaque token of 256 random bits, and what is stored of it. */
export function issueToken(nowMs: number): { token: string; tokenHash: Buffer; expiresAt: Date } {
  const token = issueSecret();
  return { token, tokenHash: hashToken(token), expiresAt: new Date(nowMs + idleDays * dayMs) };
}

/**
 * Tokens of a session: new ones of its family, or of a new family. A refresh token is its family followed by a secret, so
 * that one which was used before is still known to be of this session.
 */
export function issueTokens(nowMs: number, family: Buffer = randomBytes(familyBytes)): IssuedTokens & StoredTokens {
  const { token, tokenHash, expiresAt } = issueToken(nowMs);
  const refreshToken = Buffer.concat([family, randomBytes(secretBytes)]).toString("base64url");
  return {
    token,
    tokenHash,
    accessExpiresAt: new Date(nowMs + accessMinutes * minuteMs),
    refreshToken,
    familyHash: hashToken(family),
    refreshHash: hashToken(refreshToken),
    expiresAt,
  };
}

/** The family of a refresh token; undefined when it is none of ours. */
export function familyOf(refreshToken: string): Buffer | undefined {
  const bytes = Buffer.from(refreshToken, "base64url");
  // Decoding is lenient; only the one spelling that was given out counts.
  if (bytes.length !== familyBytes + secretBytes || bytes.toString("base64url") !== refreshToken) return undefined;
  return bytes.subarray(0, familyBytes);
}

/** 256 random bits as text: a device's token, or a code for a mail. */
export function issueSecret(): string {
  return randomBytes(secretBytes).toString("base64url");
}

/** Tokens are stored hashed: whoever reads the database cannot sign in with what is there. */
export function hashToken(token: string | Buffer): Buffer {
  return createHash("sha256").update(token).digest();
}
