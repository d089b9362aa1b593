import { identityOf } from "../accounts/identity.ts";
import { hashToken, issueSecret } from "../accounts/session-tokens.ts";
import type { DeviceAnswer } from "../contract/accounts.ts";
import * as contract from "../contract/passwords.ts";
import { accountQuotas } from "../limits/account-quotas.ts";
import { passwordChangedMail, passwordResetMail } from "../mail/account-letters.ts";
import { findAccountId } from "../store/accounts.ts";
import { insertCode } from "../store/mail-codes.ts";
import { isResetCodeGood, resetPassword } from "../store/passwords.ts";
import { admitAccount } from "./admit-account.ts";
import { answerEmpty, answerJson } from "./answer-json.ts";
import { forgetAllSessions } from "./authenticate.ts";
import { clientKeyOf } from "./client-of.ts";
import { issueDevice, placeOf, setDeviceCookie } from "./device-of.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";
import { inSteadyTime } from "./steady-answer.ts";

/** Sends a code to set a new password, if there is whom to send it to; the answer and its time are the same if not. */
export function requestReset(services: Services): Route {
  return route(contract.requestReset, async (request, response) => {
    const input = readInput(contract.requestReset.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { email } = input.value;
    const { key } = identityOf(email);
    // The network first: what it is refused is not taken from the others.
    const keyHere = `${key}:${clientKeyOf(request)}`;
    if (!(await admitAccount(services, [request, response], accountQuotas.resetPerMailAndClient, keyHere))) return;
    if (!(await admitAccount(services, [request, response], accountQuotas.resetPerMail, key))) return;
    await inSteadyTime(async () => {
      const accountId = await findAccountId(services.database, email);
      if (accountId !== undefined)
        services.background.run("mail of a reset", () => sendCode(services, accountId, email));
    });
    answerEmpty(response, 202);
  });
}

async function sendCode({ database, postOffice }: Services, accountId: number, email: string): Promise<void> {
  const code = issueSecret();
  await insertCode(database, { accountId, codeHash: hashToken(code), purpose: "reset-password" });
  await postOffice.send(passwordResetMail(email, code));
}

/** Sets a new password with the code of a mail. The device that does it is trusted: it gets in also during a lock. */
export function confirmReset(services: Services): Route {
  return route(contract.confirmReset, async (request, response) => {
    const input = readInput(contract.confirmReset.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { database, passwords, limiter, background, postOffice } = services;
    const codeHash = hashToken(input.value.code);
    if (!(await isResetCodeGood(database, codeHash))) return answerRefusal(response, { code: "wrong-code" });
    const passwordHash = await passwords.hash(input.value.password);
    const device = issueDevice(undefined);
    const changed = await resetPassword(database, {
      codeHash,
      passwordHash,
      device: { hash: device.hash, ...placeOf(request) },
    });
    if (changed === undefined) return answerRefusal(response, { code: "wrong-code" });
    await Promise.all([
      forgetAllSessions(services, changed.accountId, changed.tokenHashes),
      limiter.clear(accountQuotas.failedLogins, identityOf(changed.email).key),
    ]);
    background.run("alert of a changed password", () =>
      postOffice.send(passwordChangedMail(changed.email, new Date())),
    );
    setDeviceCookie(request, response, device.token);
    answerJson(response, 200, { deviceToken: device.token } satisfies DeviceAnswer);
  });
}
