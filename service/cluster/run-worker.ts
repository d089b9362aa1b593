import cluster from "node:cluster";
import closeWithGrace from "close-with-grace";
import type { Config } from "../config.ts";
import { allWritten, createLogger } from "../create-logger.ts";
import { createFaultReporter } from "../faults/create-fault-reporter.ts";
import { inFlightTimeoutMs } from "../in-flight-timeout.ts";
import { ShopProcess } from "../shop-process.ts";
import type { FromWorker, Question, ToWorker } from "./messages.ts";

const tellEveryMs = 250;
/** A terminal sends these to every process of a group, the primary included, which then tells its workers. */
const signalsOfThePrimary = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs one worker of an instance until the primary says stop, or is gone. */
export async function runWorker(config: Config): Promise<void> {
  const logger = createLogger(config, { worker: cluster.worker?.id, pid: process.pid });
  const shop = new ShopProcess(config, { logger, faults: await createFaultReporter(config) });
  for (const signal of signalsOfThePrimary) process.on(signal, () => undefined);
  const delay = config.drainMs + inFlightTimeoutMs;
  const skip = [...signalsOfThePrimary];
  const grace = closeWithGrace({ delay, logger, skip }, async ({ err }) => {
    await shop.stop(err);
    logger.info("stopped");
    await allWritten(logger);
  });
  process.on("message", (message: ToWorker) => {
    if (message.ask === "stop") grace.close();
    else void answer(shop, message);
  });

  await shop.listen();
  let told: string | null | undefined;
  let toldAt = 0;
  setInterval(() => {
    const notReady = shop.notReady() ?? null;
    if (notReady === told && performance.now() - toldAt < 4 * tellEveryMs) return;
    [told, toldAt] = [notReady, performance.now()];
    tell({ tell: "state", notReady });
  }, tellEveryMs);
  logger.info({ port: config.httpPort }, "listening");
}

async function answer(shop: ShopProcess, { ask, id }: Question): Promise<void> {
  try {
    if (ask === "forget") await shop.forget();
    tell({ tell: "answer", id, failed: false, ...(ask === "metrics" ? { metrics: await shop.snapshot() } : {}) });
  } catch {
    tell({ tell: "answer", id, failed: true });
  }
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
