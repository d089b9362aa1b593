import { z } from "zod";
import { operation } from "./operation.ts";
import { routes } from "./routes.ts";

export const readOpenapi = operation({
  id: "readOpenapi",
  method: "get",
  path: routes.openapi,
  summary: "This document",
  tag: "documentation",
  auth: "none",
  answers: { 200: { description: "OpenAPI 3.1", body: z.record(z.string(), z.unknown()) } },
  problems: [],
});
