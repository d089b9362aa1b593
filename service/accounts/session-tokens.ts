import { createHash, randomBytes } from "node:crypto";

/** Days that a session lasts. */
const sessionDays = 14;

/** A new opaque token of 256 random bits, and what is stored of it. */
export function issueToken(nowMs: number): { token: string; tokenHash: Buffer; expiresAt: Date } {
  const token = randomBytes(32).toString("base64url");
  return { token, tokenHash: hashToken(token), expiresAt: new Date(nowMs + sessionDays * 86_400_000) };
}

/** Tokens are stored hashed: whoever reads the database cannot sign in with what is there. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
