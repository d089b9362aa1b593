import { identityOf } from "../accounts/identity.ts";
import { hashToken, issueSecret } from "../accounts/session-tokens.ts";
import * as contract from "../contract/accounts.ts";
import { accountQuotas } from "../limits/account-quotas.ts";
import { registrationMail } from "../mail/account-letters.ts";
import { findMe } from "../store/accounts.ts";
import { insertCode, verifyByCode } from "../store/mail-codes.ts";
import { admitAccount } from "./admit-account.ts";
import { answerEmpty } from "./answer-json.ts";
import { authenticate } from "./authenticate.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Verifies an address by the code that was sent to it. A POST: programs that look at mails follow links. */
export function verifyEmail(services: Services): Route {
  return route(contract.verifyEmail, async (request, response) => {
    const input = readInput(contract.verifyEmail.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const verified = await verifyByCode(services.database, hashToken(input.value.code));
    if (!verified) return answerRefusal(response, { code: "wrong-code" });
    answerEmpty(response, 204);
  });
}

/** Sends the code again. */
export function resendVerification(services: Services): Route {
  return route(contract.resendVerification, async (request, response) => {
    const account = await authenticate(services, request);
    if (!account.ok) return answerRefusal(response, account.refusal);
    const found = await findMe(services.database, account.value);
    if (found === undefined) return answerRefusal(response, { code: "not-signed-in" });
    const { key } = identityOf(found.email);
    if (!(await admitAccount(services, [request, response], accountQuotas.verificationPerMail, key))) return;
    if (!found.emailVerified) {
      const code = issueSecret();
      await insertCode(services.database, { accountId: found.id, codeHash: hashToken(code), purpose: "verify-email" });
      await services.postOffice.send(registrationMail(found.email, code));
    }
    answerEmpty(response, 202);
  });
}
