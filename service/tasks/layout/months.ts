/** First moments of months in UTC, as partitions begin and end. */

const dayMs = 86_400_000;

/** The first moment of the month that comes `months` after that of `atMs`. */
export function monthAfter(atMs: number, months: number): Date {
  const at = new Date(atMs);
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
}

/** Time that a partitioning may take, and be left half-way, before rows come that its history does not take. */
const leastLeadDays = 7;

/** Where the history ends and monthly partitions begin: the first month that is a week away or more. */
export function cutAfter(nowMs: number): Date {
  const next = monthAfter(nowMs, 1);
  return next.getTime() - nowMs >= leastLeadDays * dayMs ? next : monthAfter(nowMs, 2);
}

/** `2027_01`, the end of a partition's name. */
export function monthName(month: Date): string {
  return month.toISOString().slice(0, 7).replace("-", "_");
}

/** The month that a name ends in; undefined when it ends in none. */
export function monthOf(name: string): Date | undefined {
  const [, year, month] = /_(\d{4})_(\d{2})$/.exec(name) ?? [];
  return year === undefined || month === undefined ? undefined : new Date(Date.UTC(Number(year), Number(month) - 1, 1));
}
