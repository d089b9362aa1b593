const money = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const day = new Intl.DateTimeFormat("en", { dateStyle: "long" });
const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat("en", { timeStyle: "medium" });

/** Cents of USD, e.g. `$12.30`. */
export const formatCents = (cents: number): string => money.format(cents / 100);

/** ISO 8601 as a day, e.g. `November 24, 2026`. */
export const formatDay = (time: string): string => day.format(new Date(time));

/** ISO 8601 as day and time. */
export const formatMoment = (time: string): string => moment.format(new Date(time));

/** Milliseconds since 1970 as a time of day. */
export const formatClock = (atMs: number): string => clock.format(new Date(atMs));

/** `1 item`, `3 items`. */
export const countOf = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** A slug as a heading, where nothing knows its name: `home-office` is `Home office`. */
export const titleOfSlug = (slug: string): string => {
  const words = slug.replaceAll("-", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
};
