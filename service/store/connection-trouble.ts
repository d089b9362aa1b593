import { DatabaseSilent } from "./silence-watch.ts";

/** Codes of the operating system, of Postgres and of PgBouncer (08P01) for a connection that is gone or not to be had. */
const lostConnection = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "08000",
  "08003",
  "08006",
  "08P01",
  "57P01",
  "57P02",
  "57P03",
]);

/** Codes for a database that is there but has no room or no time. */
const overloaded = new Set(["53300", "55P03", "57014"]);

/** pg gives these without a code. */
const lostMessages = /^Connection terminated|connection error and is not queryable|^Client was closed/;
const timeoutMessages = /^timeout exceeded when trying to connect|^Query read timeout/;

/** True when the connection broke or was refused, so that the same statement may succeed on a new one. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof Error && (lostConnection.has(codeOf(error)) || lostMessages.test(error.message));
}

/** True when the database did not answer in time or not at all: not a fault of the request. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (isConnectionLost(error) || error instanceof DatabaseSilent) return true;
  return error instanceof Error && (overloaded.has(codeOf(error)) || timeoutMessages.test(error.message));
}

/** True when Postgres undid a transaction in favour of another one. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && ["40001", "40P01"].includes(codeOf(error));
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
