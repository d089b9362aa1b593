import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "helmet";
import { findClient } from "./client-of.ts";
import { limitRequests } from "./limit-requests.ts";
import { logRequests } from "./log-requests.ts";
import { measureRequests } from "./measure-requests.ts";
import type { Services } from "./services.ts";
import type { Step } from "./step.ts";

/** What a request goes through before its answer is looked for, whichever way that is. */
export interface Entrance {
  /** For every request. */
  readonly arrival: readonly Step[];
  /** For every request of the API. */
  readonly protection: readonly Step[];
}

export function entrance(services: Services): Entrance {
  return {
    arrival: [measureRequests(services.metrics), findClient(services.trustedProxies), logRequests(services.logger)],
    protection: [securityHeaders(), limitRequests(services)],
  };
}

/** Helmet's headers are the same for every answer, so it is asked once which they are. */
function securityHeaders(): Step {
  const headers = new Map<string, string>();
  const recorder = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  helmet()({} as IncomingMessage, recorder as unknown as ServerResponse, () => undefined);
  const list = [...headers];
  return (_request, response, next) => {
    for (const [name, value] of list) response.setHeader(name, value);
    next();
  };
}
