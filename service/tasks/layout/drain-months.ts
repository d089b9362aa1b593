import type { ClientBase } from "pg";
import { estimateRows } from "../../store/estimate-rows.ts";
import { runSweep } from "../run-sweep.ts";
import { politely, type Patience } from "../../store/politely.ts";
import { tableKind } from "./table-kind.ts";

/** Monthly partitions that were taken off `login_attempt` and still have rows of it. */
export const months = "login_attempt_months";

const [batchSize, pauseMs] = [5_000, 50];

/** Moves what lies in months that were taken off into `login_attempt`, and drops them; fine when there are none. */
export async function drainMonths(client: ClientBase, nowMs: number, patience: Patience): Promise<void> {
  if ((await tableKind(client, months)) === "absent") return;
  const ask = async (sql: string): Promise<object[]> => (await client.query<object>(sql)).rows;
  const all = await estimateRows(ask, `select from ${months}`);
  const { complete } = await runSweep(
    client,
    {
      table: months,
      key: [
        { name: "created_at", type: "timestamptz" },
        { name: "id", type: "bigint" },
      ],
      due: "true",
      reads: "due",
      keepMs: 0,
      destination: { kind: "table", table: "login_attempt" },
    },
    {
      batchSize,
      pauseMs,
      nowMs,
      signal: patience.signal,
      onBatch: ({ taken }) =>
        patience.say(`login_attempt: ${50 + Math.min(49, Math.floor((49 * taken) / all))}%, ${taken} rows moved back`),
    },
  );
  if (!complete) throw new Error("told to end before all rows were moved back");
  await politely(client, "dropping the empty months", patience, [
    `lock table ${months} in access exclusive mode`,
    `do $$ begin if exists (select from ${months}) then raise '${months} has rows although all were moved'; end if; end $$`,
    `drop table ${months}`,
  ]);
}
