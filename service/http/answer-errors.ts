import type { ErrorRequestHandler } from "express";
import { PasswordsBusy } from "../accounts/passwords.ts";
import type { Refusal } from "../shop/refusal.ts";
import { isDatabaseUnavailable } from "../store/connection-trouble.ts";
import { answerFault, answerRefusal } from "./problem.ts";
import { routeOf } from "./route-of.ts";
import type { Services } from "./services.ts";

/** Seconds after which a client may try again when the database was away. */
const retryAfterSeconds = 2;

/** Turns what was thrown into an answer; only faults of the shop itself become a 500. */
export function answerErrors({ logger, faults }: Services): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof PasswordsBusy) {
      return answerRefusal(response, { code: "busy", retryAfterSeconds: error.retryAfterSeconds });
    }
    if (isDatabaseUnavailable(error)) {
      logger.error({ err: error, requestId: request.id }, "the database did not answer");
      return answerRefusal(response, { code: "unavailable", retryAfterSeconds });
    }
    const refusal = refusalOf(error);
    if (refusal !== undefined) return answerRefusal(response, refusal);
    logger.error({ err: error, requestId: request.id }, "fault");
    faults.report(error, { requestId: response.get("X-Request-Id"), route: routeOf(request.path) });
    answerFault(response);
  };
}

/** express.json and Express itself throw errors with a 4xx status for what the client did; undefined for any other. */
function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return undefined;
  if (error.status === 413) return { code: "body-too-large" };
  if (error.status === 415) return { code: "unsupported-media-type" };
  if (error.status >= 500) return undefined;
  const message = error instanceof URIError ? "the path cannot be decoded" : "the body cannot be read as JSON";
  return { code: "invalid-input", errors: [{ field: "", message }] };
}
