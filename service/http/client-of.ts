import { isIP } from "node:net";
import type { IncomingMessage } from "node:http";
import proxyAddr from "proxy-addr";
import { limitKey } from "../limits/client-address.ts";
import type { Step } from "./step.ts";

declare module "node:http" {
  interface IncomingMessage {
    /** Address that the request comes from, as far as proxies that are trusted say so. */
    clientAddress?: string;
  }
}

/** Finds out once where a request comes from; X-Forwarded-For counts only from trusted proxies. As Express' `ip` does. */
export function findClient(trustedProxies: readonly string[]): Step {
  const trust = proxyAddr.compile([...trustedProxies]);
  return (request, _response, next) => {
    request.clientAddress = proxyAddr(request, trust);
    next();
  };
}

/** Address of the shopper; undefined when the connection is gone already or a proxy gave something that is no address. */
export function clientAddressOf(request: IncomingMessage): string | undefined {
  // Postgres' inet has no zones.
  const address = request.clientAddress?.split("%")[0] ?? "";
  return isIP(address) === 0 ? undefined : address;
}

/** Key under which limits count this shopper; all without an address share one. */
export function clientKeyOf(request: IncomingMessage): string {
  return limitKey(clientAddressOf(request) ?? "unknown");
}
