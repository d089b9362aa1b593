/** Postgres' own default; local servers set it, RDS has it too. */
export const superuserReservedConnections = 3;
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

/** Size of the pool of each of so many PgBouncers at the database. */
export function poolerPoolSize(maxConnections: number, poolers = 1): number {
  return Math.floor(generationConnections(maxConnections) / poolers);
}

/**
 * Size of an instance's pool at each replica, where it connects without a pooler. Two generations share what the plan allows;
 * each process has one connection more to ask how far the replica is.
 */
export function replicaPoolSize(
  maxConnections: number,
  { instances, workers }: { readonly instances: number; readonly workers: number },
): number {
  const each = Math.floor(generationConnections(maxConnections) / instances) - workers;
  return Math.max(workers, Math.min(largestProcessPool * workers, each));
}

/** Size of an instance's pool, which its workers share, by what it connects to. At the pooler a waiting client costs nothing. */
export function instancePoolSize(
  mode: "direct" | "pooled",
  maxConnections: number,
  { instances, workers }: { readonly instances: number; readonly workers: number },
): number {
  const largest = largestProcessPool * workers;
  if (mode === "pooled") return largest;
  return Math.max(workers, Math.min(largest, Math.floor(generationConnections(maxConnections) / instances)));
}
