import express, { type RequestHandler } from "express";
import { maxBodyBytes } from "../contract/problems.ts";
import { answerRefusal } from "./problem.ts";

export const unreadableBody = {
  code: "invalid-input",
  errors: [{ field: "", message: "the body cannot be read as JSON" }],
} as const;

/** Before the handler of an operation that takes a body: refuses what is not JSON, reads the rest, and asks for one. */
export const readBody: readonly RequestHandler[] = [
  refuseOtherTypes,
  express.json({ limit: maxBodyBytes }),
  refuseNone,
];

function refuseOtherTypes(...[request, response, next]: Parameters<RequestHandler>): void {
  const isEmpty = request.headers["content-length"] === "0";
  if (isEmpty || request.is("application/json") !== false) return next();
  response.set("Accept", "application/json");
  answerRefusal(response, { code: "unsupported-media-type" });
}

/** Otherwise a body with nothing but optional fields would count as given when it was lost on the way. */
function refuseNone(...[request, response, next]: Parameters<RequestHandler>): void {
  if (request.body !== undefined) return next();
  answerRefusal(response, { code: "invalid-input", errors: [{ field: "", message: "a body is missing" }] });
}
