import { identityOf } from "../accounts/identity.ts";
import { hashToken, issueSecret } from "../accounts/session-tokens.ts";
import * as contract from "../contract/accounts.ts";
import { accountQuotas } from "../limits/account-quotas.ts";
import { alreadyRegisteredMail, registrationMail } from "../mail/account-letters.ts";
import { registerAccount } from "../store/mail-codes.ts";
import { admitAccount } from "./admit-account.ts";
import { answerJson } from "./answer-json.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";
import { inSteadyTime } from "./steady-answer.ts";

/**
 * Makes an account. A known address gets the same answer after the same work, and a mail to its owner instead:
 * nobody can find out here who is a customer.
 */
export function register(services: Services): Route {
  return route(contract.register, async (request, response) => {
    const input = readInput(contract.register.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { email, password } = input.value;
    const { key } = identityOf(email);
    if (!(await admitAccount(services, [request, response], accountQuotas.registrationPerMail, key))) return;
    await inSteadyTime(() => makeAccount(services, email, password));
    answerJson(response, 202, { email } satisfies contract.RegisterAnswer);
  });
}

async function makeAccount(services: Services, email: string, password: string): Promise<void> {
  const passwordHash = await services.passwords.hash(password);
  const code = issueSecret();
  const { isNew } = await registerAccount(services.database, { email, passwordHash, codeHash: hashToken(code) });
  if (isNew) services.metrics.registrations.inc();
  await services.postOffice.send(isNew ? registrationMail(email, code) : alreadyRegisteredMail(email, code));
}
