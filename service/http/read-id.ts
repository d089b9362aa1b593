import type { ReadRequest } from "./route.ts";

/** The path's `:id`; undefined when it is not a number that an id could be. */
export function readId({ params }: Pick<ReadRequest, "params">): number | undefined {
  const text = params["id"];
  return typeof text === "string" && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
