import type { RequestHandler } from "express";
import type { ShopMetrics } from "../metrics/shop-metrics.ts";
import { routeOf } from "./route-of.ts";

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Counts every answered request and its time. */
export function measureRequests({ httpRequests, httpDuration }: ShopMetrics): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once("finish", () => {
      const route = routeOf(request.path);
      const method = methods.has(request.method) ? request.method : "other";
      httpRequests.inc({ method, route, status: String(response.statusCode) });
      httpDuration.observe({ route }, (performance.now() - startedAt) / 1_000);
    });
    next();
  };
}
