import { familyOf, hashToken, issueTokens } from "../accounts/session-tokens.ts";
import * as contract from "../contract/sessions.ts";
import { replayMail } from "../mail/account-letters.ts";
import { findEmail } from "../store/accounts.ts";
import { refreshSession } from "../store/refresh-session.ts";
import { answerJson } from "./answer-json.ts";
import { forgetSessions } from "./authenticate.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/**
 * Gives a session new tokens. A refresh token that comes a second time is in two hands, and nobody can tell which of them
 * is the owner's, so the session ends for both.
 */
export function refreshToken(services: Services): Route {
  return route(contract.refreshSession, async (request, response) => {
    const input = readInput(contract.refreshSession.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const family = familyOf(input.value.refreshToken);
    if (family === undefined) return answerRefusal(response, { code: "not-signed-in" });
    const tokens = issueTokens(Date.now(), family);
    const refreshed = await refreshSession(services.database, hashToken(input.value.refreshToken), tokens);
    if (refreshed.outcome === "refused") return answerRefusal(response, { code: "not-signed-in" });
    await forgetSessions(services, [refreshed.oldTokenHash]);
    if (refreshed.outcome === "replayed") {
      const { accountId, device } = refreshed;
      services.background.run("alert of a replay", () => tellOwner(services, accountId, device));
      return answerRefusal(response, { code: "not-signed-in" });
    }
    answerJson(response, 200, {
      token: tokens.token,
      expiresAt: tokens.accessExpiresAt.toISOString(),
      refreshToken: tokens.refreshToken,
      refreshExpiresAt: tokens.expiresAt.toISOString(),
    } satisfies contract.RefreshAnswer);
  });
}

async function tellOwner({ database, postOffice }: Services, accountId: number, device: string): Promise<void> {
  const email = await findEmail(database, accountId);
  if (email !== undefined) await postOffice.send(replayMail(email, device));
}
