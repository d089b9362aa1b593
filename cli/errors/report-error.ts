import { exitCodes } from "../exit-codes.ts";
import { errorObject, renderError } from "../render/error.ts";
import { explain } from "./explain.ts";
import { toFailure, type FailureContext } from "./to-failure.ts";

/** Prints an error (an object on stdout with `json`, else text on stderr) and sets the exit code. */
export function reportError(error: unknown, options: FailureContext & { readonly json: boolean }): void {
  const explanation = explain(toFailure(error, options));
  process.exitCode = exitCodes[explanation.exit].exit;
  if (options.json) {
    process.stdout.write(`${JSON.stringify(errorObject(explanation), undefined, 2)}\n`);
  } else {
    process.stderr.write(`${renderError(explanation)}\n`);
  }
  if (process.env["DEBUG"] !== undefined && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
}
