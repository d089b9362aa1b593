import type { ShopMetrics } from "../metrics/shop-metrics.ts";
import type { Step } from "./step.ts";
import { requestPath } from "./request-path.ts";
import { routeOf } from "./route-of.ts";

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Counts every answered request and its time. */
export function measureRequests({ httpRequests, httpDuration }: ShopMetrics): Step {
  return (request, response, next) => {
    const startedAt = performance.now();
    const { method = "" } = request;
    const path = requestPath(request);
    response.once("finish", () => {
      const route = routeOf(path);
      httpRequests.inc({ method: methods.has(method) ? method : "other", route, status: String(response.statusCode) });
      httpDuration.observe({ route }, (performance.now() - startedAt) / 1_000);
    });
    next();
  };
}
