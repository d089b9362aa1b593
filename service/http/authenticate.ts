import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { hashToken } from "../accounts/session-tokens.ts";
import { accountTiers } from "../contract/accounts.ts";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";
import { findSession, findVoidSessions } from "../store/sessions.ts";
import { clientKeyOf } from "./client-of.ts";
import type { Services } from "./services.ts";

const cachedSession = z.object({
  accountId: z.number(),
  sessionId: z.string(),
  tier: z.enum(accountTiers),
  /** End of the access token, and time of the look into the database; ms since 1970. */
  expiresAtMs: z.number(),
  lookedUpAtMs: z.number(),
});
export type SignedIn = Readonly<z.output<typeof cachedSession>>;

/**
 * How long a cached session is believed, and so cached: less than the seed's day, for nothing can use it after. What ends
 * a session removes it from the cache, at once for all processes that share one. A cache in the process is not reached by
 * the others, so that there this is the bound; with a shared one it covers a Redis that was away when the session ended.
 */
const believedSeconds = { shared: 60, inProcess: 5 };

declare module "node:http" {
  interface IncomingMessage {
    /** Who it is from, once asked: the limits ask, and its route does again. */
    signedIn?: Promise<Outcome<SignedIn>>;
  }
}

/** The account that the request's bearer token belongs to. */
export async function authenticate(services: Services, request: IncomingMessage): Promise<Outcome<number>> {
  const session = await authenticateSession(services, request);
  return session.ok ? accepted(session.value.accountId) : session;
}

/** The session that the request's bearer token belongs to. */
export function authenticateSession(services: Services, request: IncomingMessage): Promise<Outcome<SignedIn>> {
  return (request.signedIn ??= readSession(services, request));
}

/** Makes every process that shares the cache forget sessions that ended. */
export async function forgetSessions({ cache }: Services, tokenHashes: readonly Buffer[]): Promise<void> {
  await cache.forget("session", tokenHashes.map(cacheKey));
}

/** As `forgetSessions`, after all sessions of an account were ended: also those that were opened, and used, while that was done. */
export async function forgetAllSessions(
  services: Services,
  accountId: number,
  tokenHashes: readonly Buffer[],
): Promise<void> {
  await forgetSessions(services, tokenHashes);
  await forgetSessions(services, await findVoidSessions(services.database, accountId));
}

async function readSession(services: Services, request: IncomingMessage): Promise<Outcome<SignedIn>> {
  const token = /^Bearer ([\w-]{43})$/.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) return refused({ code: "not-signed-in" });
  const client = clientKeyOf(request);
  const tokenHash = hashToken(token);
  let session = await lookUp(services, tokenHash, client);
  if (session === "outdated") {
    await forgetSessions(services, [tokenHash]);
    session = await lookUp(services, tokenHash, client);
  }
  if (session === undefined || session === "outdated" || session.expiresAtMs <= Date.now()) {
    const retryAfterSeconds = services.tokenLookups.waitSeconds(client);
    return refused(
      retryAfterSeconds > 0 ? { code: "too-many-requests", retryAfterSeconds } : { code: "not-signed-in" },
    );
  }
  services.sharedAddresses.see(client, session.accountId);
  return accepted(session);
}

async function lookUp(
  { cache, database, tokenLookups }: Services,
  tokenHash: Buffer,
  client: string,
): Promise<SignedIn | "outdated" | undefined> {
  const believed = cache.shared ? believedSeconds.shared : believedSeconds.inProcess;
  const text = await cache.read("session", cacheKey(tokenHash), believed, async () => {
    if (tokenLookups.waitSeconds(client) > 0) return undefined;
    const found = await findSession(database, tokenHash);
    if (found === undefined) {
      tokenLookups.wasWrong(client);
      return undefined;
    }
    const { expiresAt, ...session } = found;
    return JSON.stringify({
      ...session,
      expiresAtMs: expiresAt.getTime(),
      lookedUpAtMs: Date.now(),
    } satisfies SignedIn);
  });
  if (text === undefined) return undefined;
  // What the release before cached has less in it.
  const session = cachedSession.safeParse(JSON.parse(text));
  if (!session.success) return "outdated";
  return session.data.lookedUpAtMs + believed * 1_000 < Date.now() ? "outdated" : session.data;
}

function cacheKey(tokenHash: Buffer): string {
  return tokenHash.toString("base64url");
}
