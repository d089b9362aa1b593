import type { ErrorRequestHandler } from "express";
import type { Logger } from "pino";
import { PasswordsBusy } from "../accounts/passwords.ts";
import { isDatabaseUnavailable } from "../store/connection-trouble.ts";
import { answerFault, answerRefusal } from "./problem.ts";

/** Seconds after which a client may try again when the database was away. */
const retryAfterSeconds = 2;

/** Turns what was thrown into an answer; only faults of the shop itself become a 500. */
export function answerErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof PasswordsBusy) {
      return answerRefusal(response, { code: "busy", retryAfterSeconds: error.retryAfterSeconds });
    }
    if (isDatabaseUnavailable(error)) {
      logger.error({ err: error, requestId: request.id }, "the database did not answer");
      return answerRefusal(response, { code: "unavailable", retryAfterSeconds });
    }
    if (isClientError(error)) {
      const errors = [{ field: "", message: "the request cannot be read: its body must be JSON of at most 16 kB" }];
      return answerRefusal(response, { code: "invalid-input", errors });
    }
    logger.error({ err: error, requestId: request.id }, "fault");
    answerFault(response);
  };
}

/** express.json and Express itself throw errors with a 4xx status for what the client did. */
function isClientError(error: unknown): boolean {
  return error instanceof Error && "status" in error && typeof error.status === "number" && error.status < 500;
}
