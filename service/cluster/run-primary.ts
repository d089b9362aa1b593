import cluster from "node:cluster";
import closeWithGrace from "close-with-grace";
import type { Config } from "../config.ts";
import { allWritten, createLogger } from "../create-logger.ts";
import { createInternalApp } from "../http/internal-app.ts";
import { ShopServer } from "../http/shop-server.ts";
import { inFlightTimeoutMs } from "../in-flight-timeout.ts";
import { workerArguments, workerEnvironment } from "./worker-environment.ts";
import { Workers } from "./workers.ts";

/** Workers end by themselves in their own time; what is still there this much later is killed. */
const patienceMs = 2_000;

/**
 * Runs an instance of several workers that share the shop's port. They accept from one socket (SCHED_NONE), so that
 * the death of a worker loses no connection but its own; the primary touches no request.
 */
export async function runPrimary(config: Config): Promise<void> {
  const logger = createLogger(config, { worker: 0 });
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ execArgv: workerArguments(process.execArgv, config.workers) });
  const workers = new Workers({ count: config.workers, env: workerEnvironment(config), logger });
  const internal = new ShopServer(createInternalApp(workers));

  await internal.listen(config.host, config.internalPort);
  await workers.start();

  const onTimeout = (): void => workers.kill();
  const delay = config.drainMs + inFlightTimeoutMs + patienceMs;
  closeWithGrace({ delay, logger, onTimeout }, async ({ err, signal }) => {
    if (err !== undefined) logger.fatal({ err }, "fault that nobody caught");
    logger.info({ signal }, "stopping");
    await workers.stop();
    await internal.close();
    logger.info("stopped");
    await allWritten(logger);
  });
}
