import { pino, type Logger } from "pino";
import type { Config } from "./config.ts";
import { describeError } from "./faults/describe-error.ts";

/** A write costs as much as the rest of a short request, so that lines leave together: that many, or after a moment. */
const writtenTogetherBytes = 8_192;
const writtenAfterMs = 100;

/**
 * The log of one process: lines of JSON on stdout, whose errors tell no more than `describeError` lets them. Lines are
 * written behind the work: whoever reads them cannot hold a request up. A process that is killed loses those of its last
 * tenth of a second; one that stops waits for `allWritten`, and a fatal line is written at once with all before it.
 */
export function createLogger({ instance, release }: Pick<Config, "instance" | "release">, more: object = {}): Logger {
  const dest = process.stdout.fd;
  const stdout = pino.destination({
    dest,
    sync: false,
    minLength: writtenTogetherBytes,
    periodicFlush: writtenAfterMs,
  });
  const serializers = { err: (error: unknown) => describeError(error) };
  return pino({ base: { instance, release, ...more }, serializers }, stdout);
}

/** Resolves when every line is written, or cannot be. */
export function allWritten(logger: Logger): Promise<void> {
  return new Promise((resolve) => logger.flush(() => resolve()));
}
