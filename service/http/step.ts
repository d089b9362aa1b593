import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Something that a request goes through. It needs nothing of Express: it works in its router and without it. It gives what
 * `next` gives, so that whoever began knows when all of it is done.
 */
export type Step = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void | Promise<void>,
) => void | Promise<void>;

/** A request and what answers it. */
export type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

/** Lets a request go through steps one after another, and then through `last`. */
export async function inTurn(
  steps: readonly Step[],
  [request, response]: Exchange,
  last: () => void | Promise<void>,
): Promise<void> {
  const goOn = (index: number): void | Promise<void> => {
    const step = steps[index];
    return step === undefined ? last() : step(request, response, () => goOn(index + 1));
  };
  await goOn(0);
}
