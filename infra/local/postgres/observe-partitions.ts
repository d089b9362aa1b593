import { partitionFacts } from "../../../service/contract/database-facts.ts";
import type { PartitionsObservation } from "../../observation.ts";
import type { Topology } from "../../topology/topology.ts";
import { asAdmin, type AdminTarget } from "./admin-connection.ts";

/** How the tables of a database are laid out that grow with every login. Throws when it does not answer. */
export async function observePartitions(target: AdminTarget, database = "shop"): Promise<PartitionsObservation> {
  const { text, values } = partitionFacts;
  const { rows } = await asAdmin(target, database, (client) => client.query<PartitionsObservation>(text, [...values]));
  return rows[0] ?? { attempts: 0, sessions: 0, monthsAhead: 0, halfMade: [] };
}

/** Whether both tables are laid out as a topology has them, with nothing half-moved and the next month ready. */
export function isLaidOut(found: PartitionsObservation, partitioning: Topology["partitioning"]): boolean {
  const arePartitioned = partitioning === "partitioned";
  const layouts = [found.attempts > 0, found.sessions > 0].every((one) => one === arePartitioned);
  return layouts && found.halfMade.length === 0 && (!arePartitioned || found.monthsAhead > 0);
}
