import { isIP } from "node:net";
import type { Request } from "express";
import { limitKey } from "../limits/client-address.ts";

/**
 * Address of the shopper: X-Forwarded-For counts only from proxies that Express was told to trust. Undefined when the
 * connection is gone already or a proxy gave something that is no address.
 */
export function clientAddressOf(request: Request): string | undefined {
  // Postgres' inet has no zones.
  const address = request.ip?.split("%")[0] ?? "";
  return isIP(address) === 0 ? undefined : address;
}

/** Key under which limits count this shopper; all without an address share one. */
export function clientKeyOf(request: Request): string {
  return limitKey(clientAddressOf(request) ?? "unknown");
}
