import type { ClientBase } from "pg";
import type { Position, Sweep } from "./sweep.ts";

export interface BatchRequest {
  /** Rows before this time are old. */
  readonly before: Date;
  /** Rows read, and so the most that can be taken. */
  readonly size: number;
  /** Where the batch before ended; undefined for the first. */
  readonly after: Position | undefined;
}

export interface Batch {
  readonly seen: number;
  readonly taken: number;
  /** Undefined when nothing was left to see. */
  readonly end: Position | undefined;
}

/**
 * Takes one batch of old rows out of their table, whole or not at all: a row is never in both places and never in none.
 * Rows that the shop has locked are left for the next run rather than waited for. Throws when not all of them arrived;
 * then the batch is undone.
 */
export async function moveBatch(client: ClientBase, sweep: Sweep, request: BatchRequest): Promise<Batch> {
  if (sweep.destination.kind === "nowhere") return (await runBatch(client, sweep, request)).batch;
  await client.query("begin");
  try {
    const { batch, kept } = await runBatch(client, sweep, request);
    if (kept !== batch.taken)
      throw new Error(`${batch.taken} rows were taken out and ${kept} arrived in ${sweep.destination.table}`);
    await client.query("commit");
    return batch;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function runBatch(
  client: ClientBase,
  sweep: Sweep,
  request: BatchRequest,
): Promise<{ readonly batch: Batch; readonly kept: number }> {
  const { rows } = await client.query<{ seen: number; taken: number; kept: number; end: string[] | null }>(
    batchStatement(sweep, request.after !== undefined),
    [request.before, request.size, ...(request.after ?? [])],
  );
  const found = rows[0];
  if (found === undefined) throw new Error("a batch answered without a row");
  const { seen, taken, kept, end } = found;
  return { batch: { seen, taken, end: end ?? undefined }, kept };
}

function batchStatement({ table, key, due, reads, destination }: Sweep, continues: boolean): string {
  const names = key.map(({ name }) => name).join(", ");
  const start = key.map(({ type }, index) => `$${index + 3}::text::${type}`).join(", ");
  const conditions = [...(continues ? [`(${names}) > (${start})`] : []), ...(reads === "due" ? [`(${due})`] : [])];
  const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
  const descending = key.map(({ name }) => `${name} desc`).join(", ");
  const end = key.map(({ name }) => `${name}::text`).join(", ");
  return `with seen as materialized (
       select ${names} from ${table} t ${where} order by ${names} limit $2),
     held as (
       select ${names} from ${table} t join seen using (${names}) where ${due} for update of t skip locked),
     taken as (
       delete from ${table} t using held where (${qualified("t", key)}) = (${qualified("held", key)}) returning t.*)
     ${destination.kind === "table" ? `, kept as (insert into ${destination.table} select * from taken returning 1)` : ""}
     select (select count(*) from seen)::integer as seen, (select count(*) from taken)::integer as taken,
            ${destination.kind === "table" ? "(select count(*) from kept)::integer" : "0"} as kept,
            (select array[${end}] from seen order by ${descending} limit 1) as "end", $1::timestamptz`;
}

function qualified(alias: string, key: Sweep["key"]): string {
  return key.map(({ name }) => `${alias}.${name}`).join(", ");
}
