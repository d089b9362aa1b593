export type EnvironmentErrorCode =
  | "invalid-name"
  | "exists"
  | "unknown-environment"
  | "no-ports" // every block of ports has a port in use
  | "port-in-use" // something else listens on a port of this environment
  | "no-disk"
  | "home-unreachable" // accounts of the components cannot enter the state home
  | "path-unusable" // a component would read its name as something else
  | "path-too-long" // a unix socket would not fit
  | "locked" // another process is creating an environment
  | "still-running"
  | "other-target" // what was asked for is only of this machine
  | "corrupt";

/** Why an environment cannot be made, found or removed; the message says what, why and, where there is one, the next step. */
export class EnvironmentError extends Error {
  readonly code: EnvironmentErrorCode;
  constructor(code: EnvironmentErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "EnvironmentError";
    this.code = code;
  }
}

export function unknownEnvironment(name: string): EnvironmentError {
  return new EnvironmentError(
    "unknown-environment",
    `there is no environment ${name}; \`shopctl env list\` shows those that there are`,
  );
}
