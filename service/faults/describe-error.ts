import { redact } from "./redact.ts";

/** Causes of causes that are told; deeper ones say little. */
const maxDepth = 3;

/**
 * An error for the log. Only what is listed here: errors of Postgres carry the row in `detail`, those of mail carry
 * addresses, and any may carry more tomorrow.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error, message: redact(String(error)) };
  return {
    type: error.name,
    message: redact(error.message),
    ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
    ...("table" in error && typeof error.table === "string" ? { table: error.table } : {}),
    ...("constraint" in error && typeof error.constraint === "string" ? { constraint: error.constraint } : {}),
    stack: redact(error.stack ?? ""),
    ...(error.cause === undefined || depth >= maxDepth ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}
