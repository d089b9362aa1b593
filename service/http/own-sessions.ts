import * as contract from "../contract/sessions.ts";
import { endAllSessions, endSession, listSessions } from "../store/sessions.ts";
import { answerEmpty, answerJson } from "./answer-json.ts";
import { authenticateSession, forgetAllSessions, forgetSessions } from "./authenticate.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** The devices on which who asks is signed in. */
export function ownSessions(services: Services): Route {
  return route(contract.listSessions, async (request, response) => {
    const session = await authenticateSession(services, request);
    if (!session.ok) return answerRefusal(response, session.refusal);
    const { accountId, sessionId } = session.value;
    const items = await listSessions(services.database, accountId, sessionId);
    answerJson(response, 200, { items } satisfies contract.SessionList);
  });
}

/** Ends one session of who asks; another account's is not found, so that nobody learns that it exists. */
export function revokeSession(services: Services): Route {
  return route(contract.revokeSession, async (request, response) => {
    const session = await authenticateSession(services, request);
    if (!session.ok) return answerRefusal(response, session.refusal);
    const params = readInput(contract.revokeSession.params, request.params);
    if (!params.ok) return answerRefusal(response, { code: "not-found" });
    const { accountId } = session.value;
    const ended = await endSession(services.database, { accountId, sessionId: params.value.id, because: "revoked" });
    if (ended === undefined) return answerRefusal(response, { code: "not-found" });
    await forgetSessions(services, [ended]);
    answerEmpty(response, 204);
  });
}

/** Ends the session that asks. */
export function logOut(services: Services): Route {
  return route(contract.logOut, async (request, response) => {
    const session = await authenticateSession(services, request);
    if (!session.ok) return answerRefusal(response, session.refusal);
    const { accountId, sessionId } = session.value;
    const ended = await endSession(services.database, { accountId, sessionId, because: "logout" });
    if (ended !== undefined) await forgetSessions(services, [ended]);
    answerEmpty(response, 204);
  });
}

/** Ends every session of who asks. */
export function logOutEverywhere(services: Services): Route {
  return route(contract.logOutEverywhere, async (request, response) => {
    const session = await authenticateSession(services, request);
    if (!session.ok) return answerRefusal(response, session.refusal);
    const { accountId } = session.value;
    await forgetAllSessions(services, accountId, await endAllSessions(services.database, accountId));
    answerEmpty(response, 204);
  });
}
