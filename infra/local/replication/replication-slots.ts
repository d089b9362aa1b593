import type pg from "pg";
import { HostError } from "../host/host-error.ts";
import { poll } from "../host/poll.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { asAdmin, questionTimeoutMs } from "../postgres/admin-connection.ts";
import { followerName } from "./replication-settings.ts";

/** Time that the primary has to see that a follower has stopped. */
const releaseTimeoutMs = 5_000;

/** Makes the primary keep its log for a follower; a slot that has lost some of it begins anew. False when it had. */
export async function ensureSlot(primary: AdminTarget, number: number): Promise<boolean> {
  return asAdmin(primary, "postgres", async (client) => {
    const name = followerName(number);
    const found = await client.query<{ lost: boolean }>(
      "select wal_status = 'lost' as lost from pg_replication_slots where slot_name = $1",
      [name],
    );
    if (found.rows[0]?.lost === false) return true;
    if (found.rows[0]?.lost === true) await client.query("select pg_drop_replication_slot($1)", [name]);
    await client.query("select pg_create_physical_replication_slot($1, true)", [name]);
    return found.rowCount === 0;
  });
}

/** Drops the slot of a follower that has stopped. Fine when there is none; HostError `not-ready` when somebody follows by it. */
export async function dropSlot(primary: AdminTarget, number: number): Promise<void> {
  const name = followerName(number);
  const drop =
    "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active";
  const isGone = await asAdmin(primary, "postgres", (client) =>
    poll(
      async () => {
        await client.query(drop, [name]);
        const left = await client.query("select from pg_replication_slots where slot_name = $1", [name]);
        return left.rowCount === 0 || undefined;
      },
      { timeoutMs: releaseTimeoutMs, intervalMs: 25 },
    ),
  );
  if (isGone === undefined) throw new HostError("not-ready", `somebody still follows the primary by the slot ${name}`);
}

/** Those that a server has from when it was the primary would keep log for nobody. */
export async function dropOwnSlots(standby: AdminTarget): Promise<void> {
  const drop = "select pg_drop_replication_slot(slot_name) from pg_replication_slots where not active";
  await asAdmin(standby, "postgres", (client) => client.query(drop), questionTimeoutMs);
}

export interface Follower {
  readonly number: number;
  /** `streaming`, `catchup`, … as the primary says; `away` when it is not connected. */
  readonly state: string;
  /** Bytes of log that it has not replayed. */
  readonly lagBytes: number | undefined;
  readonly isSynchronous: boolean;
  /** Whether the primary still has all the log that it needs. */
  readonly canFollow: boolean;
}

/** The followers of a list as the primary sees them. */
export async function followersOf(primary: AdminTarget, numbers: readonly number[]): Promise<readonly Follower[]> {
  const ask = (client: pg.Client) =>
    client.query<{ name: string; lost: boolean | null; state: string | null; lag: string | null; sync: string | null }>(
      `select name, wal_status = 'lost' as lost, state, sync_state as sync,
              greatest(0, pg_current_wal_lsn() - replay_lsn)::text as lag
         from unnest($1::text[]) as name
         left join pg_replication_slots on slot_name = name
         left join pg_stat_replication on application_name = name`,
      [numbers.map(followerName)],
    );
  const { rows } = await asAdmin(primary, "postgres", ask, questionTimeoutMs);
  return numbers.map((number) => {
    const row = rows.find(({ name }) => name === followerName(number));
    return {
      number,
      state: row?.state ?? "away",
      lagBytes: row?.lag === null || row === undefined ? undefined : Number(row.lag),
      isSynchronous: row?.sync === "quorum" || row?.sync === "sync",
      canFollow: row?.lost === false,
    };
  });
}
