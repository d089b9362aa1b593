import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { parse } from "node:querystring";
import type { Refusal } from "../shop/refusal.ts";
import { answerError } from "./answer-errors.ts";
import { entrance } from "./entrance.ts";
import { answerRefusal } from "./problem.ts";
import { routeFinder, takesJson, type Found } from "./find-route.ts";
import { hasPlainBody, readPlainBody } from "./read-plain-body.ts";
import { hasReadableTarget, requestQuery } from "./request-path.ts";
import type { ReadRequest, Route } from "./route.ts";
import type { Services } from "./services.ts";
import { inTurn, type Exchange } from "./step.ts";

/**
 * Past the router: a request that is plainly one of the routes, as usual clients send them, goes through the same steps to
 * the same handler without Express, which takes longer than all of that. Whatever is odd in any way is left to Express;
 * `direct-way.test.ts` holds both ways against each other.
 */
export function withDirectWay(
  services: Services,
  routes: readonly Route[],
  otherwise: RequestListener,
): RequestListener {
  const find = routeFinder(routes);
  const { arrival, protection } = entrance(services);
  const steps = [...arrival, ...protection];
  const pass = (exchange: Exchange, last: () => void | Promise<void>): void => {
    inTurn(steps, exchange, last).catch((error: unknown) => {
      if (!answerError(services, error, exchange)) exchange[1].destroy();
    });
  };
  return (request, response) => {
    const found = takesJson(request) ? find(request) : undefined;
    const isPlain = found?.route.operation.body === undefined || hasPlainBody(request.headers);
    if (found !== undefined && isPlain) return pass([request, response], () => carryOut(found, request, response));
    // Express answers what it cannot read by itself, uncounted and in a form of its own.
    if (hasReadableTarget(request)) return otherwise(request, response);
    pass([request, response], () => answerRefusal(response, unreadableTarget));
  };
}

const unreadableTarget = {
  code: "invalid-input",
  errors: [{ field: "", message: "the target is no URL" }],
} as const satisfies Refusal;

async function carryOut({ route, params }: Found, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const query = parse(requestQuery(request));
  if (route.operation.body === undefined) return route.handle(Object.assign(request, { params, query }), response);
  const body = await readPlainBody(request);
  if (!body.ok) return answerRefusal(response, body.refusal);
  const read: ReadRequest = Object.assign(request, { params, query, body: body.value });
  return route.handle(read, response);
}
