import type { Recommendation } from "./recommend.ts";
import { inRange } from "./why.ts";

/** The headroom in a sentence, or why it is not known and what would tell. */
export function headroomInWords({
  headroom,
  headroomMissing,
}: Pick<Recommendation, "headroom" | "headroomMissing">): string {
  if (headroom === null) return `not known (${headroomMissing ?? "nothing was read"})`;
  const { peakPerSecond, capacityPerSecond, used, usersAtCapacity, breach } = headroom;
  const peak = `${rate(peakPerSecond)} requests a second at the peak, ${percent(used)} of ${capacityInWords(headroom)}`;
  const users = usersAtCapacity === null ? "" : `${usersAtCapacity.toLocaleString("en-US")} users`;
  if (used >= 1) return `none: ${peak}`;
  const room = `${rate(capacityPerSecond - peakPerSecond)} more fit: ${peak}`;
  const reached = [users, breach === null ? "" : inRange(breach)].filter((part) => part !== "").join(", ");
  return reached === "" ? room : `${room}; reached at ${reached}`;
}

function capacityInWords({
  capacityPerSecond,
  capacity,
  capacityAt,
  isLeast,
}: NonNullable<Recommendation["headroom"]>): string {
  const least = isLeast ? "at least " : "";
  const day = capacityAt.slice(0, 10);
  const from = capacity === "measured" ? `measured on ${day}` : `predicted from another topology's of ${day}`;
  return `the ${least}${rate(capacityPerSecond)} ${from}`;
}

function rate(perSecond: number): string {
  return perSecond < 10 ? String(Number(perSecond.toPrecision(2))) : Math.round(perSecond).toLocaleString("en-US");
}

function percent(share: number): string {
  return `${share < 0.1 ? Number((share * 100).toPrecision(2)) : Math.round(share * 100)}%`;
}
