import { setTimeout as sleep } from "node:timers/promises";
import closeWithGrace from "close-with-grace";
import { pino } from "pino";
import { buildServices } from "./build-services.ts";
import { readConfig, type Config } from "./config.ts";
import { createApp } from "./http/app.ts";
import { createInternalApp } from "./http/internal-app.ts";
import { Readiness } from "./http/readiness.ts";
import { ShopServer } from "./http/shop-server.ts";
import { OutboxSampler } from "./metrics/outbox-sampler.ts";
import { Sampler } from "./metrics/sampler.ts";
import { ConfigError } from "./read-variables.ts";

/** Time for requests in flight after the drain: the longest that a mail, a statement and a wait for the pool may take. */
const inFlightTimeoutMs = 20_000;

/** Runs one shop process until it is told to stop: answers what is in flight, then ends. */
async function run(config: Config): Promise<void> {
  const logger = pino({ base: { instance: config.instance, release: config.release } });
  const services = buildServices(config, logger);
  const { metrics, database, cache, background, postOffice } = services;
  const shop = new ShopServer(createApp(services));
  const readiness = new Readiness(database, () => shop.isDraining);
  const sampler = new Sampler(metrics, database, cache);
  const outbox = new OutboxSampler(metrics.outbox, database);
  const internal = new ShopServer(createInternalApp(services, sampler, readiness));

  await internal.listen(config.host, config.internalPort);
  await shop.listen(config.host, config.httpPort);
  readiness.start();
  sampler.start();
  outbox.start();
  logger.info({ port: config.httpPort, internalPort: config.internalPort }, "listening");

  closeWithGrace({ delay: config.drainMs + inFlightTimeoutMs, logger }, async ({ err, signal }) => {
    if (err !== undefined) logger.fatal({ err }, "fault that nobody caught");
    logger.info({ signal }, "stopping");
    shop.drain();
    // Until the router has seen that this process is not ready, it goes on answering as before.
    if (err === undefined) await sleep(config.drainMs);
    await shop.close();
    readiness.stop();
    sampler.stop();
    await background.settled();
    outbox.stop();
    postOffice.close();
    await Promise.all([database.close(), cache.close()]);
    await internal.close();
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
