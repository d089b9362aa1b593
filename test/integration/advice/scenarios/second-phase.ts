import { counter, durations } from "../../../support/shop-courses.ts";
import { hour, until, load1, allBut, pooled, shared, cpu, slowAt, type Scenario } from "./scenario.ts";

/** Each step of phase 2 by its own evidence alone; alerts are asked for by users. */
export const secondPhaseScenarios: readonly Scenario[] = [
  {
    name: "standard tier busy and slow",
    topology: allBut("tier-pro", "load-balancing"),
    changes: { ...shared, ...cpu({ peak: 0.9 }), ...slowAt(load1({ peak: 0.9 }), 0.6) },
    verdicts: { "tier-pro": "due", "load-balancing": "due" },
    by: "evidence",
    binding: "cpu-of-tier",
  },
  {
    name: "rows scanned in vain",
    changes: { 'shop_db_rows_scanned_total{table="product"}': counter(500) },
    verdicts: { "database-indexes": "due" },
    by: "evidence",
  },
  {
    name: "mail takes requests along",
    topology: pooled,
    changes: durations(
      "shop_mail_in_request_seconds",
      'delivery="inline"',
      () => 0.01,
      () => 0.2,
    ),
    verdicts: { "email-queue": "due" },
    by: "evidence",
  },
  {
    name: "a mail lost to a restart",
    topology: pooled,
    changes: { shop_mail_unsent_orders: (at) => (at > until - 50 * hour && at < until - 48 * hour ? 1 : 0) },
    verdicts: { "email-queue": "due" },
    by: "evidence",
  },
  {
    name: "most bytes could come from a CDN",
    changes: { 'shop_http_answer_bytes_total{cacheable="yes"}': counter(120_000) },
    verdicts: { cdn: "due" },
    by: "evidence",
  },
  {
    name: "a third of the requests could be answered by a CDN",
    changes: { 'shop_http_answers_total{cacheable="yes"}': counter(12.5) },
    verdicts: { cdn: "due" },
    by: "evidence",
  },
];
