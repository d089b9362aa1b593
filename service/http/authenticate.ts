import type { Request } from "express";
import { z } from "zod";
import { hashToken } from "../accounts/session-tokens.ts";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";
import { findSession } from "../store/sessions.ts";
import { clientKeyOf } from "./client-of.ts";
import type { Services } from "./services.ts";

const storedSession = z.object({ accountId: z.number(), expiresAtMs: z.number() });

/** The account that the request's bearer token belongs to. */
export async function authenticate(services: Services, request: Request): Promise<Outcome<number>> {
  const token = /^Bearer ([\w-]{43})$/.exec(request.get("authorization") ?? "")?.[1];
  if (token === undefined) return refused({ code: "not-signed-in" });
  const tokenHash = hashToken(token);
  const text = await services.cache.read("session", tokenHash.toString("base64url"), async () => {
    const found = await findSession(services.database, tokenHash);
    return found && JSON.stringify(found);
  });
  if (text === undefined) return refused({ code: "not-signed-in" });
  const session = storedSession.parse(JSON.parse(text));
  if (session.expiresAtMs <= Date.now()) return refused({ code: "not-signed-in" });
  services.sharedAddresses.see(clientKeyOf(request), session.accountId);
  return accepted(session.accountId);
}
