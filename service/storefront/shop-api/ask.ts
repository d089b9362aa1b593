import type { RequestOf } from "../../contract/client.ts";
import type { Operation } from "../../contract/operation.ts";
import { renewSession, validToken } from "../session/renew.ts";
import type { Endpoint } from "./endpoint.ts";
import { send, type Body, type Reply, type SendOptions } from "./send.ts";
import { notSignedIn, TroubleError } from "./trouble.ts";

/** Asks the shop, as who is signed in where the operation wants that; a session that ran out is renewed on the way. */
export async function ask<O extends Operation>(
  endpoint: Endpoint<O>,
  input: RequestOf<O>,
  cache: SendOptions["cache"] = "default",
): Promise<Reply<O>> {
  if (endpoint.auth === "none") return send(endpoint, input, { cache });
  const token = await validToken();
  if (!token.ok) return token;
  if (token.body === undefined) return { ok: false, trouble: notSignedIn };
  const reply = await send(endpoint, input, { token: token.body, cache });
  if (reply.ok || reply.trouble.code !== "not-signed-in") return reply;
  // The shop took the token back before its time.
  const renewed = await renewSession(token.body);
  return renewed.ok ? send(endpoint, input, { token: renewed.body, cache }) : renewed;
}

/** As `ask`, for pages that cannot be shown without the answer. */
export async function need<O extends Operation>(endpoint: Endpoint<O>, input: RequestOf<O>): Promise<Body<O>> {
  const reply = await ask(endpoint, input);
  if (!reply.ok) throw new TroubleError(reply.trouble);
  return reply.body;
}
