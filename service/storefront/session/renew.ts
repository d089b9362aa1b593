import { refreshSession } from "../shop-api/endpoints.ts";
import { send } from "../shop-api/send.ts";
import { shopNow } from "../shop-api/shop-clock.ts";
import type { Trouble } from "../shop-api/trouble.ts";
import { hearRenewals, tellRenewal } from "./renewals.ts";
import { session } from "./session.ts";

/** A token that will do for a request; undefined when nobody is signed in. */
type Token =
  { readonly ok: true; readonly body: string | undefined } | { readonly ok: false; readonly trouble: Trouble };

/** Renewed this long before its end, so that no request is on its way when it ends. */
const marginMs = 10_000;

/** The token of the session, renewed first when it is about to end. */
export async function validToken(): Promise<Token> {
  const tokens = session.tokens();
  if (tokens === undefined) return { ok: true, body: undefined };
  if (Date.parse(tokens.expiresAt) - shopNow() > marginMs) return { ok: true, body: tokens.token };
  return renewSession(tokens.token);
}

/**
 * Exchanges the refresh token for new ones, once for all tabs: a refresh token that came twice would end the session. So
 * one tab at a time, and whoever comes later takes what the first one got. `spent` is the token that no longer does.
 */
export function renewSession(spent: string): Promise<Token> {
  return alone(async () => {
    await hearRenewals();
    const tokens = session.tokens();
    if (tokens === undefined) return { ok: true, body: undefined };
    if (tokens.token !== spent) return { ok: true, body: tokens.token };
    const reply = await send(refreshSession, { body: { refreshToken: tokens.refreshToken } });
    if (reply.ok) {
      session.renew(spent, reply.body);
      tellRenewal({ spent, tokens: reply.body });
      return { ok: true, body: reply.body.token };
    }
    // Without an answer it may still be good; the shop's "no" is final.
    if (reply.trouble.code === "not-signed-in") session.end();
    return reply;
  });
}

let last: Promise<unknown> = Promise.resolve();

/** Where the page is not secure there are no locks between tabs, only between the requests of this one. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  if ("locks" in navigator) return navigator.locks.request("shop.session", work);
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
}
