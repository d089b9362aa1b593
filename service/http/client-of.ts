import { createHash } from "node:crypto";
import { isIP, isIPv4, type Socket } from "node:net";
import type { IncomingMessage } from "node:http";
import proxyAddr from "proxy-addr";
import { originKeyHeader } from "../contract/cdn.ts";
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

/** Who stands before the shop and may say where a request comes from. */
export interface Proxies {
  /** Addresses and ranges of the nearest. */
  readonly trusted: readonly string[];
  /** SHA-256 of what a CDN before that says in `originKeyHeader`; its addresses are many, and others' too. */
  readonly originKeyHash: string | undefined;
}

/**
 * Finds out once where a request comes from; X-Forwarded-For and X-Forwarded-Proto count only from trusted proxies. As
 * Express' `ip` and `secure` do.
 */
export function findClient(proxies: Proxies): Step {
  const clientOf = clientFinder(proxies);
  const trust = proxyAddr.compile([...proxies.trusted]);
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
 * router is trusted is found out once a connection. Anything else is `proxy-addr`'s. A request with the CDN's key came to
 * the nearest proxy from the CDN, whose word counts for the address before its own: `shopper, CDN` instead of `shopper`.
 */
export function clientFinder({ trusted: addresses, originKeyHash }: Proxies): (request: IncomingMessage) => string {
  const trust = proxyAddr.compile([...addresses]);
  const trusted = new WeakMap<Socket, boolean>();
  const isFromCdn = ({ headers: { [originKeyHeader]: key } }: IncomingMessage): boolean =>
    originKeyHash !== undefined && typeof key === "string" && hashOf(key) === originKeyHash;
  const farthest = (request: IncomingMessage): string =>
    proxyAddr(request, (address, hop) => trust(address, hop) || (hop === 1 && isFromCdn(request)));
  return (request) => {
    const { socket, headers } = request;
    const forwarded = headers["x-forwarded-for"];
    if (typeof forwarded !== "string" || !/^[^ ,]+$/.test(forwarded)) return farthest(request);
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return farthest(request);
    let isTrusted = trusted.get(socket);
    if (isTrusted === undefined) {
      isTrusted = trust(remoteAddress, 0);
      trusted.set(socket, isTrusted);
    }
    return isTrusted ? forwarded : remoteAddress;
  };
}

function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
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
