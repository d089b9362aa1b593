import express, { type Express } from "express";
import { internalRoutes } from "../contract/routes.ts";
import type { Sampler } from "../metrics/sampler.ts";
import type { Readiness } from "./readiness.ts";
import type { Services } from "./services.ts";

/** Routes of the internal port: for the router's checks, for whoever scrapes, and for a restore of the database. */
export function createInternalApp({ metrics, cache }: Services, sampler: Sampler, readiness: Readiness): Express {
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
  app.post(internalRoutes.forget, async (_request, response) => {
    try {
      await cache.clear();
      response.json({ status: "forgotten" });
    } catch {
      response.status(503).json({ status: "cache" });
    }
  });
  return app;
}
