import type { ClientBase } from "pg";
import type { Destination, Position, Sweep } from "./sweep.ts";

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
 * Takes one batch of old rows out of their table, in one statement and therefore whole or not at all: a row is never in
 * both places and never in none. Rows that the shop has locked are left for the next run rather than waited for.
 */
export async function moveBatch(
  client: ClientBase,
  sweep: Sweep,
  destination: Destination,
  request: BatchRequest,
): Promise<Batch> {
  const { rows } = await client.query<{ seen: number; taken: number; end: string[] | null }>(
    batchStatement(sweep, destination, request.after !== undefined),
    [request.before, request.size, ...(request.after ?? [])],
  );
  const batch = rows[0];
  if (batch === undefined) throw new Error("a batch answered without a row");
  return { seen: batch.seen, taken: batch.taken, end: batch.end ?? undefined };
}

function batchStatement({ table, key, due, reads }: Sweep, destination: Destination, continues: boolean): string {
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
     ${destination.kind === "table" ? `, kept as (insert into ${destination.table} select * from taken)` : ""}
     select (select count(*) from seen)::integer as seen, (select count(*) from taken)::integer as taken,
            (select array[${end}] from seen order by ${descending} limit 1) as "end", $1::timestamptz`;
}

function qualified(alias: string, key: Sweep["key"]): string {
  return key.map(({ name }) => `${alias}.${name}`).join(", ");
}
