import type { RequestListener } from "node:http";
import type { ErrorRequestHandler } from "express";
import { PasswordsBusy } from "../accounts/hash-queue.ts";
import type { Refusal } from "../shop/refusal.ts";
import { isDatabaseUnavailable } from "../store/connection-trouble.ts";
import { answerFault, answerRefusal } from "./problem.ts";
import { unreadableBody } from "./read-body.ts";
import { requestPath } from "./request-path.ts";
import { routeOf } from "./route-of.ts";
import type { Services } from "./services.ts";
import type { Exchange } from "./step.ts";

/** Seconds after which a client may try again when the database was away. */
const retryAfterSeconds = 2;

/** As the last handler of Express. */
export function answerErrors(services: Services): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (!answerError(services, error, [request, response])) next(error);
  };
}

/** Around everything: what is thrown before a request is on its way would end the process, and all that it is answering. */
export function guarded(services: Services, listener: RequestListener): RequestListener {
  return (request, response) => {
    try {
      listener(request, response);
    } catch (error) {
      if (!answerError(services, error, [request, response])) response.destroy();
    }
  };
}

/** Turns what was thrown into an answer; only faults of the shop itself become a 500. False when one is on its way already. */
export function answerError(services: Services, error: unknown, [request, response]: Exchange): boolean {
  if (response.headersSent) return false;
  const refusal = refusalOf(error);
  if (refusal?.code === "unavailable") {
    services.logger.error({ err: error, requestId: request.id }, "the database did not answer");
  }
  if (refusal !== undefined) {
    answerRefusal(response, refusal);
    return true;
  }
  services.logger.error({ err: error, requestId: request.id }, "fault");
  services.faults.report(error, { requestId: request.id, route: routeOf(requestPath(request)) });
  answerFault(response);
  return true;
}

/** Undefined for a fault of the shop. express.json and Express itself throw errors with a 4xx status for what the client did. */
function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof PasswordsBusy) return { code: "busy", retryAfterSeconds: error.retryAfterSeconds };
  if (isDatabaseUnavailable(error)) return { code: "unavailable", retryAfterSeconds };
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return undefined;
  if (error.status === 413) return { code: "body-too-large" };
  if (error.status === 415) return { code: "unsupported-media-type" };
  if (error.status >= 500) return undefined;
  if (!(error instanceof URIError)) return unreadableBody;
  return { code: "invalid-input", errors: [{ field: "", message: "the path cannot be decoded" }] };
}
