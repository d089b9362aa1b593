import { createHash } from "node:crypto";
import { join } from "node:path";

/** A part of the CDN's cache: a folder of its own with a size of its own. */
export interface CdnZone {
  readonly name: "files" | "products" | "lists";
  /** What nginx matches a path with, as its configuration has it. */
  readonly location: string;
  /** Beginning of every path that lands here. */
  readonly pathStart: string;
  /** What tells answers apart, beside the coding: a product's answer depends on no query. */
  readonly key: "$uri" | "$request_uri";
  readonly maxSizeMiB: number;
  /** What nobody asked for this long is removed; longer than the shop lets a stale answer bridge an outage. */
  readonly inactive: string;
}

/** All zones, in the order in which nginx tries their locations. */
export const cdnZones: readonly CdnZone[] = [
  {
    name: "files",
    location: "^~ /assets/",
    pathStart: "/assets/",
    key: "$uri",
    maxSizeMiB: 64,
    inactive: "7d",
  },
  {
    name: "products",
    location: "~ ^/shop/api/products/[0-9]+/$",
    pathStart: "/shop/api/products/",
    key: "$uri",
    maxSizeMiB: 64,
    inactive: "2h",
  },
  {
    name: "lists",
    location: "/",
    pathStart: "/shop/api/",
    key: "$request_uri",
    maxSizeMiB: 64,
    inactive: "2h",
  },
];

/** Codings that answers are kept in; the router leaves one of them in Accept-Encoding, or none. */
export const cdnCodings = ["br", "gzip", ""] as const;

/** Where nginx keeps the answer under a key: `levels=1:2` of its MD5. */
export function cachedFile(cache: string, zone: CdnZone["name"], key: string): string {
  const name = createHash("md5").update(key).digest("hex");
  return join(cache, zone, name.slice(-1), name.slice(-3, -1), name);
}
