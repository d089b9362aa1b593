import type { IncomingMessage, ServerResponse } from "node:http";

/** Something that a request goes through. It needs nothing of Express: it works in its router and without it. */
export type Step = (request: IncomingMessage, response: ServerResponse, next: () => void) => void | Promise<void>;
