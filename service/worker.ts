import closeWithGrace from "close-with-grace";
import { allWritten, createLogger } from "./create-logger.ts";
import { buildWorker } from "./queue/build-worker.ts";
import { ConfigError } from "./read-variables.ts";
import { readWorkerConfig, type WorkerConfig } from "./worker-config.ts";

/** Longest time for the mails in hand; the provider has five seconds for each, the database a few more to hear of it. */
const inHandTimeoutMs = 15_000;
const closeTimeoutMs = 20_000;

/** Runs one mail worker until it is told to stop: `node worker.js` with the variables of `worker-config.ts`. */
async function run(config: WorkerConfig): Promise<void> {
  const logger = createLogger(config);
  const worker = await buildWorker(config, logger);
  closeWithGrace({ delay: closeTimeoutMs, logger }, async ({ err, signal }) => {
    if (err !== undefined) logger.fatal({ err }, "fault that nobody caught");
    logger.info({ signal }, "stopping");
    await worker.stop(inHandTimeoutMs);
    logger.info("stopped");
    await allWritten(logger);
  });
}

try {
  await run(readWorkerConfig(process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  // What was started before the fault, e.g. a port in use, must not keep the process alive.
  process.exit(error instanceof ConfigError ? 2 : 1);
}
