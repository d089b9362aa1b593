import { issueToken } from "../accounts/session-tokens.ts";
import * as contract from "../contract/accounts.ts";
import { findAccountByEmail } from "../store/accounts.ts";
import { insertFailedLogin, insertSession } from "../store/sessions.ts";
import { clientAddressOf, clientKeyOf } from "./client-of.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Signs in. An unknown address and a wrong password get the same answer after the same work. */
export function token(services: Services): Route {
  return route(contract.signIn, async (request, response) => {
    const input = readInput(contract.signIn.body, request.body);
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
    response.json({ token: issued.token, expiresAt: issued.expiresAt.toISOString() } satisfies contract.TokenAnswer);
  });
}
