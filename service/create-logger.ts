import { pino, type Logger } from "pino";
import type { Config } from "./config.ts";
import { describeError } from "./faults/describe-error.ts";

/** The log of one process: lines of JSON on stdout, whose errors tell no more than `describeError` lets them. */
export function createLogger({ instance, release }: Pick<Config, "instance" | "release">, more: object = {}): Logger {
  return pino({ base: { instance, release, ...more }, serializers: { err: (error: unknown) => describeError(error) } });
}
