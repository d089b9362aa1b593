export type OperationErrorCode =
  | "backups-not-in-plan"
  | "unknown-backup"
  | "unknown-mail"
  | "unknown-process"
  | "no-replica"
  | "wrong-state"
  | "not-running"
  | "failed";

/** Why an operation on a running environment was refused or failed; the message says what, why and the next step. */
export class OperationError extends Error {
  readonly code: OperationErrorCode;
  constructor(code: OperationErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "OperationError";
    this.code = code;
  }
}
