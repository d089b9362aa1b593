import type { ServerResponse } from "node:http";
import type { ShopMetrics } from "../metrics/shop-metrics.ts";
import type { Step } from "./step.ts";
import { requestPath } from "./request-path.ts";
import { routeOf } from "./route-of.ts";

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Counts every answered request and its time. */
export function measureRequests(metrics: ShopMetrics): Step {
  return (request, response, next) => {
    const startedAt = performance.now();
    const path = requestPath(request);
    response.once("finish", () => countAnswer(metrics, routeOf(path), response, startedAt));
    return next();
  };
}

/** Counts an answer that ended. */
export function countAnswer(
  { httpRequests, httpDuration }: ShopMetrics,
  route: string,
  { req: { method = "" }, statusCode }: ServerResponse,
  startedAt: number,
): void {
  httpRequests.inc({ method: methods.has(method) ? method : "other", route, status: String(statusCode) });
  httpDuration.observe({ route }, (performance.now() - startedAt) / 1_000);
}
