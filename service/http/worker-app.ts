import express, { type Express } from "express";
import { internalRoutes } from "../contract/routes.ts";

export interface WorkerState {
  /** Why the worker does not deliver; undefined when it does. */
  reason(): "draining" | "database" | "queue" | undefined;
  /** The text for Prometheus. */
  metrics(): Promise<{ readonly text: string; readonly contentType: string }>;
}

/** The internal port of a mail worker; it has no other. */
export function createWorkerApp(state: WorkerState): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.get(internalRoutes.health, (_request, response) => {
    response.json({ status: "alive" });
  });
  app.get(internalRoutes.ready, (_request, response) => {
    const reason = state.reason();
    response.status(reason === undefined ? 200 : 503).json({ status: reason ?? "ready" });
  });
  app.get(internalRoutes.metrics, async (_request, response) => {
    const { text, contentType } = await state.metrics();
    response.set("Content-Type", contentType).send(text);
  });
  return app;
}
