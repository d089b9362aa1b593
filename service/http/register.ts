import * as contract from "../contract/accounts.ts";
import { alreadyRegisteredMail, registrationMail } from "../mail/letters.ts";
import { insertAccount } from "../store/accounts.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/**
 * Makes an account. A known address gets the same answer after the same work, and a mail to its owner instead:
 * nobody can find out here who is a customer.
 */
export function register(services: Services): Route {
  return route(contract.register, async (request, response) => {
    const input = readInput(contract.register.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { email, password } = input.value;
    const passwordHash = await services.passwords.hash(password);
    const accountId = await insertAccount(services.database, email, passwordHash);
    if (accountId !== undefined) services.metrics.registrations.inc();
    await services.postOffice.send(accountId === undefined ? alreadyRegisteredMail(email) : registrationMail(email));
    response.status(202).json({ email } satisfies contract.RegisterAnswer);
  });
}
