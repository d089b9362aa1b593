import { attemptFacts } from "../../../service/contract/database-facts.ts";
import type { AttemptsObservation } from "../../observation.ts";
import { asAdmin, type AdminTarget } from "./admin-connection.ts";

/** Where login attempts lie. Throws when the database does not answer. */
export async function observeAttempts(target: AdminTarget): Promise<AttemptsObservation> {
  const { text, values } = attemptFacts;
  const { rows } = await asAdmin(target, "shop", (client) => client.query<AttemptsObservation>(text, [...values]));
  return rows[0] ?? { overdue: false, archiveBytes: 0 };
}
