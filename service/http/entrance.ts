import { privatePaths } from "../contract/routes.ts";
import { findClient } from "./client-of.ts";
import { limitRequests } from "./limit-requests.ts";
import { logRequests } from "./log-requests.ts";
import { measureRequests } from "./measure-requests.ts";
import { requestPath } from "./request-path.ts";
import { securityHeaderList } from "./security-headers.ts";
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
    arrival: [measureRequests(services.metrics), findClient(services.proxies), logRequests(services.logger)],
    protection: [securityHeaders(), limitRequests(services), keepPrivate],
  };
}

/** What is somebody's own is kept by nobody else. */
const keepPrivate: Step = (request, response, next) => {
  if (privatePaths.test(requestPath(request))) response.setHeader("Cache-Control", "no-store");
  return next();
};

function securityHeaders(): Step {
  return (_request, response, next) => {
    for (const [name, value] of securityHeaderList) response.setHeader(name, value);
    return next();
  };
}
