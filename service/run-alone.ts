import closeWithGrace from "close-with-grace";
import type { Config } from "./config.ts";
import { allWritten, createLogger } from "./create-logger.ts";
import { createFaultReporter } from "./faults/create-fault-reporter.ts";
import { createInternalApp } from "./http/internal-app.ts";
import { ShopServer } from "./http/shop-server.ts";
import { inFlightTimeoutMs } from "./in-flight-timeout.ts";
import { ShopProcess } from "./shop-process.ts";

/** Runs an instance that is one process until it is told to stop: answers what is in flight, then ends. */
export async function runAlone(config: Config): Promise<void> {
  const logger = createLogger(config);
  const shop = new ShopProcess(config, { logger, faults: await createFaultReporter(config) });
  const internal = new ShopServer(createInternalApp(shop));

  await internal.listen(config.host, config.internalPort);
  await shop.listen();
  logger.info({ port: config.httpPort, internalPort: config.internalPort }, "listening");

  closeWithGrace({ delay: config.drainMs + inFlightTimeoutMs, logger }, async ({ err, signal }) => {
    logger.info({ signal }, "stopping");
    await shop.stop(err);
    await internal.close();
    logger.info("stopped");
    await allWritten(logger);
  });
}
