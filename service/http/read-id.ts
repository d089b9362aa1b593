import type { Request } from "express";

/** The path's `:id`; undefined when it is not a number that an id could be. */
export function readId(request: Request): number | undefined {
  const text = request.params["id"];
  return typeof text === "string" && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
