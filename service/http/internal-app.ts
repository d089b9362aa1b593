import express, { type Express } from "express";
import { internalRoutes } from "../contract/routes.ts";
import type { Sampler } from "../metrics/sampler.ts";
import type { ShopMetrics } from "../metrics/shop-metrics.ts";
import type { Readiness } from "./readiness.ts";

/** Routes of the internal port: for the router's checks and for whoever scrapes. */
export function createInternalApp(metrics: ShopMetrics, sampler: Sampler, readiness: Readiness): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.get(internalRoutes.health, (_request, response) => {
    response.json({ status: "alive" });
  });
  app.get(internalRoutes.ready, (_request, response) => {
    const { reason } = readiness;
    response
      .status(reason === undefined ? 200 : 503)
      .json(reason === undefined ? { status: "ready" } : { status: reason });
  });
  app.get(internalRoutes.metrics, async (_request, response) => {
    sampler.refresh();
    const text = await metrics.registry.metrics();
    response.set("Content-Type", metrics.registry.contentType).send(text);
  });
  return app;
}
