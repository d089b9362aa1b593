export type HostErrorCode =
  "missing-component" | "missing-user" | "command-failed" | "not-ready" | "unreachable" | "refused";

/** The machine lacks something or a process on it did not do as asked; the message says what, why and the next command. */
export class HostError extends Error {
  readonly code: HostErrorCode;
  constructor(code: HostErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "HostError";
    this.code = code;
  }
}
