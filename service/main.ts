import cluster from "node:cluster";
import { readConfig } from "./config.ts";
import { ConfigError } from "./read-variables.ts";

/** Each way of running is loaded when it is taken: a primary needs no database, and one process no cluster. */
async function run(): Promise<void> {
  const config = readConfig(process.env);
  if (config.workers === 1) return (await import("./run-alone.ts")).runAlone(config);
  if (cluster.isPrimary) return (await import("./cluster/run-primary.ts")).runPrimary(config);
  return (await import("./cluster/run-worker.ts")).runWorker(config);
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  // What was started before the fault, e.g. a port in use, must not keep the process alive.
  process.exit(error instanceof ConfigError ? 2 : 1);
}
