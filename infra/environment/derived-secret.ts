import { hkdfSync } from "node:crypto";
import type { Credentials } from "./environment.ts";

/**
 * The secret of a component that came after the environment's credentials were made: nothing need be added to those. It
 * follows from one that the shop has, so it may only stand for what the shop itself is allowed.
 */
export function derivedSecret({ databaseShop }: Credentials, purpose: "cdn-purge" | "fault-sink"): string {
  return Buffer.from(hkdfSync("sha256", databaseShop, "", `shopctl ${purpose}`, 24)).toString("hex");
}
