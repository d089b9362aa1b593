import type { IncomingMessage, RequestListener } from "node:http";
import { answerCached } from "./answer-cached.ts";
import { answerFault } from "./problem.ts";
import type { Step } from "./step.ts";
import type { Services } from "./services.ts";

/**
 * In front of the router: a GET whose address got an answer before, that is still fresh, gets it at once. It goes through the
 * same entrance and is written by the same function as on the long way, so that both ways give the same answer.
 */
export function withShortWay(
  { cache, logger }: Services,
  steps: readonly Step[],
  app: RequestListener,
): RequestListener {
  return (request, response) => {
    const answer = isPlainRead(request) ? cache.freshAt(request.url ?? "") : undefined;
    if (answer === undefined) return app(request, response);
    let next = 0;
    const proceed = (): void => {
      const step = steps[next];
      next += 1;
      if (step === undefined) return answerCached(response, answer);
      void Promise.resolve(step(request, response, proceed)).catch((error: unknown) => {
        logger.error({ err: error, requestId: request.id }, "fault");
        if (!response.headersSent) answerFault(response);
      });
    };
    proceed();
  };
}

/** Accounts have limits of their own, and what odd clients take is for the router to decide. */
function isPlainRead({ method, headers: { accept, authorization } }: IncomingMessage): boolean {
  const takesJson = accept === undefined || accept === "*/*" || accept === "application/json";
  return (method === "GET" || method === "HEAD") && authorization === undefined && takesJson;
}
