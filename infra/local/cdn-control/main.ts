import { collectDefaultMetrics, Registry } from "prom-client";
import { controlEnvironment } from "./control-config.ts";
import { countRequests } from "./count-requests.ts";
import { takePurges } from "./take-purges.ts";

/** What a CDN has beside its caches: an API that purges, and figures. */
const config = controlEnvironment.parse(process.env);
const registry = new Registry();
collectDefaultMetrics({ register: registry });
const lines = countRequests(registry, config.CDN_LOG_PORT);
const control = takePurges(config, registry);

const fail = (error: Error): never => {
  console.error(`cdn control: ${error.message}`);
  process.exit(1);
};
lines.once("error", fail);
control.once("error", fail);
control.listen(config.CDN_CONTROL_PORT, "127.0.0.1", () => console.log(`cdn control on ${config.CDN_CONTROL_PORT}`));
process.once("SIGTERM", () => {
  lines.close();
  control.close();
  control.closeIdleConnections();
});
