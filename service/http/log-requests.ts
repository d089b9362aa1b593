import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { pinoHttp, type HttpLogger } from "pino-http";

/**
 * One line a request with an id that also goes back to the client. No headers, no query and no body: they carry
 * tokens, passwords and addresses. Successful reads are at `debug`: the metrics count them, and they are nearly all.
 */
export function logRequests(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId: requestId,
    customLogLevel: (request, response, error) => {
      if (error !== undefined || response.statusCode >= 500) return "error";
      const isRead = request.method === "GET" || request.method === "HEAD";
      return (isRead && response.statusCode < 400) || response.statusCode === 429 ? "debug" : "info";
    },
    serializers: {
      req: (request: { id: string; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url.split("?")[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
}

function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers["x-request-id"];
  const id = typeof given === "string" && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
  response.setHeader("X-Request-Id", id);
  return id;
}
