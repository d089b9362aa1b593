import type { Operation } from "../../contract/operation.ts";

/**
 * What the browser needs of an operation of the contract. The contract's own values carry their schemas, and zod with
 * them; here stand only method, path and auth, and the compiler holds each to the operation it is declared for.
 */
export interface Endpoint<O extends Operation> {
  readonly method: O["method"];
  readonly path: O["path"];
  readonly auth: O["auth"];
  /** Only a type: says which operation this is. */
  readonly operation?: O;
}

export function endpoint<O extends Operation>(method: O["method"], path: O["path"], auth: O["auth"]): Endpoint<O> {
  return { method, path, auth };
}
