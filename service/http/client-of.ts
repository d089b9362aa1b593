import { isIP, isIPv4, type Socket } from "node:net";
import type { IncomingMessage } from "node:http";
import proxyAddr from "proxy-addr";
import { limitKey } from "../limits/client-address.ts";
import type { Step } from "./step.ts";

declare module "node:http" {
  interface IncomingMessage {
    /** Address that the request comes from, as far as proxies that are trusted say so. */
    clientAddress?: string;
    /** Whether the shopper's own connection is encrypted, as far as proxies that are trusted say so. */
    isSecure?: boolean;
  }
}

/**
 * Finds out once where a request comes from; X-Forwarded-For and X-Forwarded-Proto count only from trusted proxies. As
 * Express' `ip` and `secure` do.
 */
export function findClient(trustedProxies: readonly string[]): Step {
  const clientOf = clientFinder(trustedProxies);
  const trust = proxyAddr.compile([...trustedProxies]);
  return (request, _response, next) => {
    request.clientAddress = clientOf(request);
    const { headers, socket } = request;
    const [protocol] = String(headers["x-forwarded-proto"] ?? "").split(",");
    request.isSecure = protocol?.trim() === "https" && trust(socket.remoteAddress ?? "", 0);
    return next();
  };
}

/**
 * Nearly every request comes over one of few connections of a router, with one address in its header: whether that
 * router is trusted is found out once a connection. Anything else is `proxy-addr`'s.
 */
export function clientFinder(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trust = proxyAddr.compile([...trustedProxies]);
  const trusted = new WeakMap<Socket, boolean>();
  return (request) => {
    const { socket, headers } = request;
    const forwarded = headers["x-forwarded-for"];
    if (typeof forwarded !== "string" || !/^[^ ,]+$/.test(forwarded)) return proxyAddr(request, trust);
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return proxyAddr(request, trust);
    let isTrusted = trusted.get(socket);
    if (isTrusted === undefined) {
      isTrusted = trust(remoteAddress, 0);
      trusted.set(socket, isTrusted);
    }
    return isTrusted ? forwarded : remoteAddress;
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
  const { clientAddress } = request;
  if (clientAddress !== undefined && isIPv4(clientAddress)) return clientAddress;
  return limitKey(clientAddressOf(request) ?? "unknown");
}
