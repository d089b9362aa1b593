import type { ClientBase } from "pg";
import type { Sweep } from "./sweep.ts";

/** Where the rows of a sweep are. */
export interface ArchiveCount {
  /** Still in their table although they are due. */
  readonly due: number;
  readonly archived: number;
}

/** Counts the rows of a sweep with an archive, both of one moment. */
export async function countArchived(
  client: ClientBase,
  { table, due }: Pick<Sweep, "table" | "due">,
  { archive, before }: { readonly archive: string; readonly before: Date },
): Promise<ArchiveCount> {
  // Counting reads all of the archive, which takes longer each year.
  await client.query("begin read only; set local statement_timeout = 0");
  try {
    const { rows } = await client.query<ArchiveCount>(
      `select (select count(*) from ${table} t where ${due})::float8 as due,
              (select count(*) from ${archive})::float8 as archived`,
      [before],
    );
    if (rows[0] === undefined) throw new Error("a count answered without a row");
    return rows[0];
  } finally {
    await client.query("rollback").catch(() => undefined);
  }
}

/** Throws when rows went missing, or came from nowhere, between two counts. */
export function checkArchived(before: ArchiveCount, after: ArchiveCount, taken: number): void {
  const sum = ({ due, archived }: ArchiveCount): number => due + archived;
  if (sum(before) === sum(after) && after.archived === before.archived + taken) return;
  throw new Error(
    `the counts do not agree: ${before.due} rows due and ${before.archived} archived before, ${after.due} and ${after.archived} after ${taken} were moved`,
  );
}
