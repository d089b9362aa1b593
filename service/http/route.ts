import type { Express, RequestHandler } from "express";
import type { Operation } from "../contract/operation.ts";
import { answerRefusal } from "./problem.ts";

/** An operation of the contract with what carries it out. */
export interface Route {
  readonly operation: Operation;
  readonly handle: RequestHandler;
}

export function route(operation: Operation, handle: RequestHandler): Route {
  return { operation, handle };
}

/** Registers routes where the contract says; any other method of their paths is refused with what is allowed there. */
export function mount(app: Express, routes: readonly Route[]): void {
  for (const { operation, handle } of routes) app[operation.method](operation.path, handle);
  const byPath = Map.groupBy(routes, ({ operation }) => operation.path);
  for (const [path, ofPath] of byPath) {
    const methods = ofPath.map(({ operation }) => operation.method.toUpperCase());
    const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : [])].join(", ");
    app.all(path, (_request, response) => {
      response.set("Allow", allow);
      answerRefusal(response, { code: "method-not-allowed" });
    });
  }
}
