import { setTimeout as sleep } from "node:timers/promises";
import closeWithGrace from "close-with-grace";
import { pino } from "pino";
import { buildServices } from "./build-services.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import { createApp } from "./http/app.ts";
import { createInternalApp } from "./http/internal-app.ts";
import { Readiness } from "./http/readiness.ts";
import { closeGracefully, listen } from "./http/server.ts";
import { Sampler } from "./metrics/sampler.ts";

/** Time for requests in flight after the drain: the longest that a mail, a statement and a wait for the pool may take. */
const inFlightTimeoutMs = 20_000;

/** Runs one shop process until it is told to stop: answers what is in flight, then ends. */
async function run(config: Config): Promise<void> {
  const logger = pino({ base: { instance: config.instance, release: config.release } });
  let draining = false;
  const isDraining = (): boolean => draining;
  const services = buildServices(config, logger, isDraining);
  const readiness = new Readiness(services.database, isDraining);
  const sampler = new Sampler(services.metrics, services.database, services.cache);

  const internal = await listen(
    createInternalApp(services.metrics, sampler, readiness),
    config.host,
    config.internalPort,
  );
  const shop = await listen(createApp(services), config.host, config.httpPort);
  readiness.start();
  sampler.start();
  logger.info({ port: config.httpPort, internalPort: config.internalPort }, "listening");

  closeWithGrace({ delay: config.drainMs + inFlightTimeoutMs, logger }, async ({ err, signal }) => {
    if (err !== undefined) logger.fatal({ err }, "fault that nobody caught");
    logger.info({ signal }, "stopping");
    draining = true;
    // Until the router has seen that this process is not ready, it goes on answering as before.
    if (err === undefined) await sleep(config.drainMs);
    await closeGracefully(shop);
    readiness.stop();
    sampler.stop();
    services.postOffice.close();
    await Promise.all([services.database.close(), services.cache.close()]);
    await closeGracefully(internal);
    logger.info("stopped");
  });
}

try {
  await run(readConfig(process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  // What was started before the fault, e.g. a port in use, must not keep the process alive.
  process.exit(error instanceof ConfigError ? 2 : 1);
}
