import type { PartitionsObservation } from "../../target.ts";
import type { Topology } from "../../topology/topology.ts";
import { asAdmin, type AdminTarget } from "./admin-connection.ts";

/** How the tables are laid out that grow with every login. Throws when the database does not answer. */
export async function observePartitions(target: AdminTarget): Promise<PartitionsObservation> {
  const { rows } = await asAdmin(target, "shop", (client) =>
    client.query<PartitionsObservation>(`
      with parts as (
        select inhparent::regclass::text as parent, relname as name
          from pg_inherits join pg_class on pg_class.oid = inhrelid
         where inhparent in (to_regclass('public.login_attempt'), to_regclass('public.user_session')))
      select (select count(*) from parts where parent = 'login_attempt')::integer as attempts,
             (select count(*) from parts where parent = 'user_session')::integer as sessions,
             (select count(*) from parts
               where parent = 'login_attempt' and name ~ '_\\d{4}_\\d{2}$'
                 and right(name, 7) > to_char(now() at time zone 'UTC', 'YYYY_MM'))::integer as "monthsAhead",
             array(select relname::text from pg_class
                    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                      and relname in ('login_attempt_parted', 'login_attempt_months', 'user_session_next', 'user_session_old')
                    order by relname) as "halfMade"`),
  );
  return rows[0] ?? { attempts: 0, sessions: 0, monthsAhead: 0, halfMade: [] };
}

/** Whether both tables are laid out as a topology has them, with nothing half-moved and the next month ready. */
export function isLaidOut(found: PartitionsObservation, partitioning: Topology["partitioning"]): boolean {
  const arePartitioned = partitioning === "partitioned";
  const layouts = [found.attempts > 0, found.sessions > 0].every((one) => one === arePartitioned);
  return layouts && found.halfMade.length === 0 && (!arePartitioned || found.monthsAhead > 0);
}
