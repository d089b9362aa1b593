import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Level, Logger } from "pino";
import type { Step } from "./step.ts";
import { requestPath } from "./request-path.ts";

declare module "node:http" {
  interface IncomingMessage {
    /** Goes back to the client as X-Request-Id. */
    id: string;
  }
}

/**
 * One line a request with an id that also goes back to the client. No headers, no query and no body: they carry
 * tokens, passwords and addresses. Successful reads are at `debug`: the metrics count them, and they are nearly all;
 * a line that nobody keeps costs nothing.
 */
export function logRequests(logger: Logger): Step {
  return (request, response, next) => {
    const startedAt = performance.now();
    request.id = requestId(request);
    response.setHeader("X-Request-Id", request.id);
    // The router changes `url` on its way; the method and the path are those that came.
    const path = requestPath(request);
    response.once("close", () => logAnswer(logger, response, { path, startedAt }));
    return next();
  };
}

/** The line of an answer that ended, or was broken off. */
export function logAnswer(
  logger: Logger,
  response: ServerResponse,
  { path, startedAt }: { readonly path: string; readonly startedAt: number },
): void {
  const { req: request } = response;
  const level = levelOf(request, response);
  if (!logger.isLevelEnabled(level)) return;
  logger[level](
    {
      req: { id: request.id, method: request.method, path },
      res: { status: response.statusCode },
      responseTime: Math.round(performance.now() - startedAt),
    },
    response.writableFinished ? "request completed" : "request aborted",
  );
}

function levelOf({ method }: IncomingMessage, { statusCode }: ServerResponse): Level {
  if (statusCode >= 500) return "error";
  const isRead = method === "GET" || method === "HEAD";
  return (isRead && statusCode < 400) || statusCode === 429 ? "debug" : "info";
}

/** The id that the router gave a request, or a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}
