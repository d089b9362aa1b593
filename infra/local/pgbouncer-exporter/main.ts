import { createServer } from "node:http";
import { Registry } from "prom-client";
import { z } from "zod";
import { registerPoolerMetrics } from "./pooler-metrics.ts";

/** PgBouncer's console as Prometheus metrics, as a process of its own; `Exporter` starts it. */
const environment = z
  .object({
    EXPORTER_PORT: z.coerce.number().int(),
    EXPORTER_SOCKETS: z.string(),
    EXPORTER_SOURCE_PORT: z.coerce.number().int(),
  })
  .parse(process.env);

const registry = new Registry();
const target = { sockets: environment.EXPORTER_SOCKETS, port: environment.EXPORTER_SOURCE_PORT };
const refresh = registerPoolerMetrics(registry, target);

const server = createServer((request, response) => {
  if (request.method !== "GET" || request.url !== "/metrics") {
    response.writeHead(404).end();
    return;
  }
  void refresh()
    .then(() => registry.metrics())
    .then((text) => response.writeHead(200, { "content-type": registry.contentType }).end(text));
});
server.listen(environment.EXPORTER_PORT, "127.0.0.1");
process.once("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
