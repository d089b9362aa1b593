import { identityOf } from "../accounts/identity.ts";
import { hashToken } from "../accounts/session-tokens.ts";
import * as contract from "../contract/passwords.ts";
import { passwordChangedMail } from "../mail/account-letters.ts";
import { changePassword, findPassword } from "../store/passwords.ts";
import { answerEmpty } from "./answer-json.ts";
import { attemptPassword } from "./attempt-password.ts";
import { authenticateSession, forgetAllSessions } from "./authenticate.ts";
import { deviceTokenOf } from "./device-of.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Changes the password of who is signed in and knows it. Guesses are counted as at a sign-in, apart from those. */
export function changePasswordRoute(services: Services): Route {
  return route(contract.changePassword, async (request, response) => {
    const session = await authenticateSession(services, request);
    if (!session.ok) return answerRefusal(response, session.refusal);
    const input = readInput(contract.changePassword.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { accountId, sessionId } = session.value;
    const { database, passwords, background, postOffice } = services;
    const account = await findPassword(database, accountId);
    if (account === undefined) return answerRefusal(response, { code: "not-signed-in" });

    const attempt = await attemptPassword(services, [request, response], {
      key: `${identityOf(account.email).key}:change`,
      storedHash: account.passwordHash,
      password: input.value.currentPassword,
    });
    if (attempt.outcome === "refused") return;
    if (attempt.outcome === "wrong") return answerRefusal(response, { code: "wrong-password" });

    const passwordHash = await passwords.hash(input.value.newPassword);
    const deviceToken = deviceTokenOf(request);
    const changed = await changePassword(database, {
      accountId,
      checkedHash: account.passwordHash,
      passwordHash,
      sessionId,
      deviceHash: deviceToken === undefined ? undefined : hashToken(deviceToken),
    });
    if (changed === undefined) return answerRefusal(response, { code: "wrong-password" });
    await forgetAllSessions(services, accountId, changed.tokenHashes);
    background.run("alert of a changed password", () =>
      postOffice.send(passwordChangedMail(changed.email, new Date())),
    );
    answerEmpty(response, 204);
  });
}
