import type { RequestHandler } from "express";
import { z } from "zod";
import { issueToken } from "../accounts/session-tokens.ts";
import type { TokenAnswer } from "../contract/api.ts";
import { findAccountByEmail } from "../store/accounts.ts";
import { insertFailedLogin, insertSession } from "../store/sessions.ts";
import { clientAddressOf, clientKeyOf } from "./client-of.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import type { Services } from "./services.ts";

const credentials = z.object({
  // Postgres has no character 0 in text.
  email: z
    .string()
    .trim()
    .toLowerCase()
    .max(254)
    .regex(/^[^\0]*$/),
  password: z.string().min(1).max(128),
});

/** Signs in. An unknown address and a wrong password get the same answer after the same work. */
export function token(services: Services): RequestHandler {
  return async (request, response) => {
    const input = readInput(credentials, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { database, passwords, sharedAddresses, metrics } = services;
    const account = await findAccountByEmail(database, input.value.email);
    const login = { accountId: account?.id, clientAddress: clientAddressOf(request) };
    const matches = await passwords.matches(account?.passwordHash, input.value.password);
    if (account === undefined || !matches) {
      await insertFailedLogin(database, login);
      return answerRefusal(response, { code: "wrong-credentials" });
    }
    const issued = issueToken(Date.now());
    await insertSession(database, { ...login, tokenHash: issued.tokenHash, expiresAt: issued.expiresAt });
    sharedAddresses.see(clientKeyOf(request), account.id);
    metrics.logins.inc();
    response.json({ token: issued.token, expiresAt: issued.expiresAt.toISOString() } satisfies TokenAnswer);
  };
}
