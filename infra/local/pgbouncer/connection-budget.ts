import { superuserReservedConnections } from "../postgres/database-config.ts";

/** Kept for what is neither shop nor pooler's pool: the pooler's password lookups. */
const lookupConnections = 2;
/** Largest pool of one process: more than this it cannot use, one Node process being busy with 20 queries. */
const largestProcessPool = 20;

/**
 * Connections that the shop may hold at one time: half of the plan's, because two generations (old and new
 * instances, or instances and pooler) stand side by side during a change.
 */
function generationConnections(maxConnections: number): number {
  return Math.floor((maxConnections - superuserReservedConnections - lookupConnections) / 2);
}

/** Size of PgBouncer's pool at the database. */
export function poolerPoolSize(maxConnections: number): number {
  return generationConnections(maxConnections);
}

/** Size of each process's own pool, by what it connects to. At the pooler a waiting client costs nothing. */
export function processPoolSize(mode: "direct" | "pooled", maxConnections: number, instances: number): number {
  if (mode === "pooled") return largestProcessPool;
  return Math.max(1, Math.min(largestProcessPool, Math.floor(generationConnections(maxConnections) / instances)));
}
