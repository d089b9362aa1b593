import type { Request } from "express";
import { limitKey } from "../limits/client-address.ts";

/** Address of the shopper: X-Forwarded-For counts only from proxies that Express was told to trust. */
export function clientAddressOf(request: Request): string {
  return request.ip ?? "unknown";
}

/** Key under which limits count this shopper. */
export function clientKeyOf(request: Request): string {
  return limitKey(clientAddressOf(request));
}
