import { figures } from "../../service/contract/figures.ts";
import type { Topology } from "./topology.ts";

/** Size of a database plan. The seed gives price and pooled connections; sizes it is silent on are the product's own. */
export interface DatabasePlan {
  readonly maxConnections: number;
  readonly memoryMiB: number;
  readonly cpu: number;
  readonly storageGiB: number;
  readonly sharedBuffersMiB: number;
  readonly backups: boolean;
  readonly usdPerMonth: number;
}

export const databasePlans: Record<Topology["database"], DatabasePlan> = {
  free: {
    maxConnections: 25,
    memoryMiB: 256,
    cpu: 0.5,
    storageGiB: 1,
    sharedBuffersMiB: 64,
    backups: false,
    ...priceOf("free"),
  },
  paid: {
    maxConnections: figures.database.paid.pooledConnections,
    memoryMiB: 1_024,
    cpu: 1,
    storageGiB: 16,
    sharedBuffersMiB: 256,
    backups: figures.database.paid.backups,
    ...priceOf("paid"),
  },
};

function priceOf(plan: Topology["database"]): { usdPerMonth: number } {
  return { usdPerMonth: figures.database[plan].usdPerMonth };
}
