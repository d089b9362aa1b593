import express, { type Express } from "express";
import { Registry } from "prom-client";
import { internalRoutes } from "../contract/routes.ts";
import type { Instance } from "./instance.ts";

/** Routes of the internal port: for the router's checks, for whoever scrapes, and for a restore of the database. */
export function createInternalApp(instance: Instance): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.get(internalRoutes.health, (_request, response) => {
    response.json({ status: "alive" });
  });
  app.get(internalRoutes.ready, (_request, response) => {
    const reason = instance.notReady();
    response
      .status(reason === undefined ? 200 : 503)
      .json(reason === undefined ? { status: "ready" } : { status: reason });
  });
  app.get(internalRoutes.metrics, async (_request, response) => {
    const text = await instance.metrics();
    response.set("Content-Type", Registry.PROMETHEUS_CONTENT_TYPE).send(text);
  });
  app.post(internalRoutes.forget, async (_request, response) => {
    try {
      await instance.forget();
      response.json({ status: "forgotten" });
    } catch {
      response.status(503).json({ status: "cache" });
    }
  });
  return app;
}
