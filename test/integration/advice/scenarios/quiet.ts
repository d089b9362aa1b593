import type { Course } from "../../../support/made-up-series.ts";
import { counter, durations, healthyShop } from "../../../support/shop-courses.ts";
import { hour, until, dayOf, type Scenario } from "./scenario.ts";

const never = (): number => 0;
/** Twelve visitors a day: fewer of everything than it takes to judge it. */
const hardlyUsed: Record<string, Course> = {
  'shop_http_requests_total{status="200"}': counter(0.003),
  ...durations("shop_http_request_duration_seconds", 'route="/shop/api/products/search/"', () => 0.001, never),
  ...durations("shop_http_request_duration_seconds", 'route="other"', () => 0.002, never),
  ...durations("shop_db_pool_wait_seconds", "", () => 0.003, never),
  'shop_db_rows_scanned_total{table="product"}': counter(0.1),
  'shop_db_rows_returned_total{table="product"}': counter(0.01),
  'shop_mail_messages_total{outcome="accepted"}': counter(0.00005),
  ...durations("shop_mail_in_request_seconds", 'delivery="inline"', () => 0.00005, never),
  'shop_db_statement_seconds_total{statement="read"}': counter(0.00005),
  'shop_db_statement_seconds_total{statement="write"}': counter(0.00005),
  'shop_http_answers_total{cacheable="yes"}': counter(0.002),
  'shop_http_answers_total{cacheable="no"}': counter(0.001),
  'shop_http_answer_bytes_total{cacheable="yes"}': counter(8),
  'shop_http_answer_bytes_total{cacheable="no"}': counter(2),
};
/** Takes every series of a metric away. */
const notExported = (metric: string): Record<string, undefined> =>
  Object.fromEntries(
    Object.keys(healthyShop(until))
      .filter((series) => series.startsWith(metric))
      .map((series) => [series, undefined]),
  );
const onDay = (ago: number, rate: number) => (at: number) => (dayOf(ago + 1, ago)(at) ? rate : 0);

/** A day in which there was too little of a thing to judge is a quiet day, while its metric is there. */
export const quietScenarios: readonly Scenario[] = [
  { name: "a small shop", changes: hardlyUsed, verdicts: {}, binding: "mail-quota-ratio" },
  {
    name: "a small shop that does not export how long answers take",
    changes: { ...hardlyUsed, ...notExported("shop_http_request_duration_seconds_bucket") },
    verdicts: { "database-indexes": "insufficient-evidence" },
  },
  {
    name: "a small shop that does not export mails",
    changes: { ...hardlyUsed, ...notExported("shop_mail_messages_total") },
    verdicts: { "email-sendgrid": "insufficient-evidence" },
  },
  {
    name: "a small shop whose mails failed on one day",
    changes: {
      ...hardlyUsed,
      'shop_mail_messages_total{outcome="accepted"}': counter(onDay(2, 0.001)),
      'shop_mail_messages_total{outcome="failed"}': counter(onDay(2, 0.001)),
    },
    verdicts: {},
  },
  {
    name: "a small shop whose mails fail every day",
    changes: {
      ...hardlyUsed,
      'shop_mail_messages_total{outcome="accepted"}': counter(0.001),
      'shop_mail_messages_total{outcome="failed"}': counter(0.001),
    },
    verdicts: { "email-sendgrid": "due" },
    by: "evidence",
  },
  {
    name: "less than a day without a search",
    changes: {
      ...hardlyUsed,
      ...notExported("shop_http_request_duration_seconds_bucket"),
      'shop_http_request_duration_seconds_bucket{route="other",le="+Inf"}': (at: number) =>
        at > until - 20 * hour ? 0 : undefined,
    },
    verdicts: { "database-indexes": "insufficient-evidence" },
  },
];
