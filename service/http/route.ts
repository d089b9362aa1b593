import type { IncomingMessage, ServerResponse } from "node:http";
import type { Express, RequestHandler } from "express";
import type { Operation } from "../contract/operation.ts";
import { answerRefusal } from "./problem.ts";
import { readBody } from "./read-body.ts";

/** A request whose path, query and body were read; by Express or without it. */
export interface ReadRequest extends IncomingMessage {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: unknown;
  readonly body?: unknown;
}

/** An operation of the contract with what carries it out. */
export interface Route {
  readonly operation: Operation;
  readonly handle: Handle;
}

/** It needs nothing of Express, because not every request comes through it (`direct-way.ts`). */
type Handle = (request: ReadRequest, response: ServerResponse) => void | Promise<void>;

export function route(operation: Operation, handle: Handle): Route {
  return { operation, handle };
}

/**
 * Registers routes where the contract says; only those that take a body read one. OPTIONS tells what a path allows,
 * any other method is refused with it.
 */
export function mount(app: Express, routes: readonly Route[]): void {
  for (const { operation, handle } of routes) {
    const reading = operation.body === undefined ? [] : readBody;
    app[operation.method](operation.path, refuseOtherAnswers, ...reading, (request, response) =>
      handle(request, response),
    );
  }
  const byPath = Map.groupBy(routes, ({ operation }) => operation.path);
  for (const [path, ofPath] of byPath) {
    const methods = ofPath.map(({ operation }) => operation.method.toUpperCase());
    const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
    app.all(path, (request, response) => {
      response.set("Allow", allow);
      if (request.method === "OPTIONS") response.status(204).end();
      else answerRefusal(response, { code: "method-not-allowed" });
    });
  }
}

/** Every answer is JSON: a client that takes none of it is told so. */
function refuseOtherAnswers(...[request, response, next]: Parameters<RequestHandler>): void {
  const { accept } = request.headers;
  if (accept === undefined || accept.includes("*/*") || request.accepts("application/json") !== false) return next();
  answerRefusal(response, { code: "not-acceptable" });
}
