import { figures } from "../../../service/contract/figures.ts";
import type { AttemptsObservation } from "../../target.ts";
import { asAdmin, type AdminTarget } from "./admin-connection.ts";

/** A night that was missed is made up for in the next. */
const graceDays = 2;

/** Where login attempts lie; a schema from before there was an archive has none. Throws when the database does not answer. */
export async function observeAttempts(target: AdminTarget): Promise<AttemptsObservation> {
  const { rows } = await asAdmin(target, "shop", (client) =>
    client.query<{ overdue: boolean; archiveBytes: string }>(
      `select exists (select from login_attempt where created_at < now() - $1 * interval '1 day') as overdue,
              coalesce(pg_relation_size(to_regclass('login_attempt_archive')), 0) as "archiveBytes"`,
      [figures.retention.loginAttemptDays + graceDays],
    ),
  );
  return { overdue: rows[0]?.overdue === true, archiveBytes: Number(rows[0]?.archiveBytes ?? 0) };
}
