/** Whether a month (`YYYY-MM`) was over before `now`, in UTC. */
export function hasPassed(month: string, now: Date): boolean {
  return month < now.toISOString().slice(0, 7);
}

/** Users in a later month at a growth of so many percent a month. */
export function usersAt(
  users: number,
  { from, month, percentAMonth }: { readonly from: Date; readonly month: string; readonly percentAMonth: number },
): number {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const months = (year - from.getUTCFullYear()) * 12 + (number - 1 - from.getUTCMonth());
  return Math.round(users * (1 + percentAMonth / 100) ** Math.max(0, months));
}
