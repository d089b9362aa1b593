import { readOpenapi } from "../contract/documentation.ts";
import { openapiDocument } from "../contract/openapi.ts";
import { operations } from "../contract/operations.ts";
import { answerJsonText } from "./answer-json.ts";
import { route, type Route } from "./route.ts";

/** The API's own description, made once from the schemas that validate. */
export function openapi(): Route {
  const text = JSON.stringify(openapiDocument(operations));
  return route(readOpenapi, (_request, response) => answerJsonText(response, 200, text));
}
