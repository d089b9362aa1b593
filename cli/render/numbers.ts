/** USD with two places: `74.95`. */
export function usd(amount: number): string {
  return amount.toFixed(2);
}

/** A price before and after: `7.00 → 25.00 USD/month`, or one where nothing changes. */
export function usdMove(before: number, after: number): string {
  return before === after ? `${usd(after)} USD/month` : `${usd(before)} → ${usd(after)} USD/month`;
}

/** A duration for people: `840 ms`, `12.3 s`, `4 min 05 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Bytes in MiB with one place, or GiB. */
export function bytes(count: number): string {
  const mebibytes = count / 1_048_576;
  return mebibytes < 1_024 ? `${mebibytes.toFixed(1)} MiB` : `${(mebibytes / 1_024).toFixed(2)} GiB`;
}

/** A time of day for people, in their zone: `2026-11-22 22:30:05`. */
export function localTime(iso: string): string {
  const date = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
