import { pino, type Logger } from "pino";
import type { Config } from "./config.ts";
import { describeError } from "./faults/describe-error.ts";

/**
 * The log of one process: lines of JSON on stdout, whose errors tell no more than `describeError` lets them. Lines are
 * written behind the work, those that come meanwhile together: whoever reads them cannot hold a request up. A process that
 * is killed loses those of its last milliseconds; one that stops waits for `allWritten`.
 */
export function createLogger({ instance, release }: Pick<Config, "instance" | "release">, more: object = {}): Logger {
  // Only with a least length does flushing wait for what is being written.
  const stdout = pino.destination({ dest: process.stdout.fd, sync: false, minLength: 1 });
  const serializers = { err: (error: unknown) => describeError(error) };
  return pino({ base: { instance, release, ...more }, serializers }, stdout);
}

/** Resolves when every line is written, or cannot be. */
export function allWritten(logger: Logger): Promise<void> {
  return new Promise((resolve) => logger.flush(() => resolve()));
}
