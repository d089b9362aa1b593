import { growth, seeded } from "./growth.ts";
import type { Course } from "./made-up-series.ts";

const day = 86_400;
const MiB = 1_024 * 1_024;

/** How a load goes: its daily peak at the end, and how it came there. */
export interface Way {
  /** Daily peak on an average weekday at the end of the history. */
  readonly peak: number;
  readonly monthly?: number;
  readonly kind?: "linear" | "exponential";
  readonly noise?: number;
  readonly weekly?: number;
  readonly seed?: number;
  readonly until: number;
}

/** A load that follows the day: least at midnight UTC, most at noon. */
export function load(way: Way): (at: number) => number {
  const daily = peaks(way);
  return (at) => daily(at) * (0.3 + 0.7 * Math.max(0, Math.sin((Math.PI * ((at % day) / 3_600 - 5)) / 14)));
}

/** The daily peaks alone. */
export function peaks({
  peak,
  monthly = 0,
  kind = "linear",
  noise = 0.03,
  weekly = 0,
  seed = 1,
  until,
}: Way): (at: number) => number {
  const from = until - 42 * day;
  const months = 42 / 30;
  const start = kind === "linear" ? peak / (1 + monthly * months) : peak / (1 + monthly) ** months;
  return growth({ kind, start, from, monthly, noise, weekly, seed });
}

/** A counter that grows by a rate a second and starts again from zero at the times given. */
export function counter(rate: number | ((at: number) => number), resets: readonly number[] = []): Course {
  let last: number | undefined;
  let total = 1_000;
  return (at) => {
    const before = last ?? at;
    if (resets.some((reset) => reset > before && reset <= at)) total = 0;
    total += (at - before) * (typeof rate === "number" ? rate : rate(at));
    last = at;
    return total;
  };
}

/** Buckets of a histogram of which a share is slower than two seconds, the rest faster than 25 ms. */
export function durations(
  name: string,
  labels: string,
  perSecond: (at: number) => number,
  slow: (at: number) => number,
): Record<string, Course> {
  const bucket = (le: string): string => `${name}_bucket{${labels === "" ? "" : `${labels},`}le="${le}"}`;
  return {
    [bucket("0.025")]: counter((at) => perSecond(at) * (1 - slow(at))),
    [bucket("2")]: counter((at) => perSecond(at) * (1 - slow(at))),
    [bucket("4")]: counter(perSecond),
    [bucket("+Inf")]: counter(perSecond),
  };
}

/** Everything that a healthy shop of 5,000 users exports; a scenario changes some of it. A signal's new metric is a line here. */
export function healthyShop(until: number, seed = 1): Record<string, Course> {
  const random = seeded(seed);
  const at = (peak: number) => load({ peak, until, seed: Math.floor(random() * 1e6) });
  const requests = at(30);
  const never = (): number => 0;
  return {
    shop_build_info: 1,
    process_start_time_seconds: until - 60 * day,
    process_cpu_seconds_total: counter(at(0.15)),
    process_resident_memory_bytes: at(180 * MiB),
    shop_event_loop_utilization: at(0.2),
    'shop_http_requests_total{status="200"}': counter(requests),
    ...durations("shop_http_request_duration_seconds", 'route="/shop/api/products/search/"', at(5), never),
    ...durations("shop_http_request_duration_seconds", 'route="other"', requests, never),
    ...durations("shop_db_pool_wait_seconds", "", requests, never),
    shop_db_pool_in_use: at(2),
    shop_db_pool_size: 10,
    shop_db_server_connections: at(5),
    shop_db_server_connections_max: 20,
    shop_db_active_seconds_total: counter(at(0.1)),
    shop_db_cpus: 0.5,
    shop_db_size_bytes: 100 * MiB,
    shop_db_size_max_bytes: 1_000 * MiB,
    'shop_db_rows_scanned_total{table="product"}': counter(50),
    'shop_db_rows_returned_total{table="product"}': counter(25),
    shop_cache_shared: 0,
    shop_cache_bytes: 20 * MiB,
    shop_cache_hits_total: counter(9),
    shop_cache_misses_total: counter(1),
    'shop_mail_messages_total{outcome="accepted"}': counter(0.003),
    'shop_mail_messages_total{outcome="failed"}': counter(0),
    ...durations("shop_mail_in_request_seconds", 'delivery="inline"', () => 0.01, never),
    shop_mail_unsent_orders: 0,
    shop_mail_last_day: 250,
    shop_mail_quota_per_day: 500,
    'shop_limit_refusals_total{address="shared"}': counter(0),
    'shop_limit_refusals_total{address="single"}': counter(0),
    'shop_db_statement_seconds_total{statement="read"}': counter(at(0.05)),
    'shop_db_statement_seconds_total{statement="write"}': counter(at(0.05)),
    'shop_db_costly_statement_seconds_total{statement="select … from orders"}': counter(at(0.01)),
    'shop_db_costly_statement_seconds_total{statement="select … from product"}': counter(at(0.02)),
    'shop_http_answers_total{cacheable="yes"}': counter(5),
    'shop_http_answers_total{cacheable="no"}': counter(25),
    'shop_http_answer_bytes_total{cacheable="yes"}': counter(20_000),
    'shop_http_answer_bytes_total{cacheable="no"}': counter(80_000),
    shop_login_attempts: 500_000,
    shop_login_attempts_size_bytes: 100 * MiB,
    shop_login_attempts_vacuum_debt_ratio: 0.5,
    shop_login_attempts_old: 100_000,
    shop_sessions: 20_000,
    shop_sessions_expired: 1_000,
    shop_users: 5_000,
  };
}
