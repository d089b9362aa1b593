import type { Response } from "express";

/** Answers text that is JSON already, e.g. from the cache; undefined means that a loader of the cache gave nothing. */
export function answerJsonText(response: Response, text: string | undefined): void {
  if (text === undefined) throw new Error("a cached answer without text");
  response.type("json").send(text);
}
