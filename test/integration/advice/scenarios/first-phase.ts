import { counter, durations } from "../../../support/shop-courses.ts";
import { MiB, load1, pooled, inUse, cpu, slowAt, type Scenario } from "./scenario.ts";

/** Each step of phase 1 by its own evidence alone: 5,000 users ask for none. */
export const firstPhaseScenarios: readonly Scenario[] = [
  { name: "healthy", verdicts: {}, breach: null, binding: "mail-quota-ratio" },
  {
    name: "pool used up",
    changes: inUse(9),
    verdicts: { "connection-pooler": "due" },
    by: "evidence",
    binding: "pool-utilisation",
  },
  {
    name: "pool waited for",
    changes: durations(
      "shop_db_pool_wait_seconds",
      "",
      () => 20,
      () => 0.3,
    ),
    verdicts: { "connection-pooler": "due" },
    binding: "pool-wait-p95",
  },
  {
    name: "starter tier busy and slow",
    changes: { ...cpu({ peak: 0.45 }), ...slowAt(load1({ peak: 0.45 }), 0.3) },
    verdicts: { "tier-standard": "due", "tier-pro": "blocked", "load-balancing": "blocked" },
    by: "evidence",
    binding: "cpu-of-tier",
  },
  {
    name: "database full",
    topology: pooled,
    changes: { shop_db_size_bytes: 850 * MiB },
    verdicts: { "database-paid": "due" },
    by: "evidence",
    binding: "database-size-ratio",
  },
  {
    name: "database full, no pooler yet",
    changes: { shop_db_size_bytes: 850 * MiB },
    verdicts: { "database-paid": "blocked" },
    binding: "database-size-ratio",
  },
  {
    name: "two processes with caches of their own",
    others: { w2: {} },
    verdicts: { "cache-redis": "due" },
    by: "evidence",
  },
  {
    name: "cache takes a quarter of the memory",
    changes: { shop_cache_bytes: 140 * MiB },
    verdicts: { "cache-redis": "due" },
    binding: "cache-memory-of-tier",
  },
  {
    name: "cache lost with every deployment",
    alive: { w1: [33, 2], w2: [2, 1], w3: [1, 0.02], w4: [0.02, 0] },
    verdicts: { "cache-redis": "due" },
    by: "evidence",
  },
  {
    name: "mail quota used up",
    changes: { shop_mail_last_day: 450 },
    verdicts: { "email-sendgrid": "due" },
    by: "evidence",
    binding: "mail-quota-ratio",
  },
  {
    name: "mail fails",
    changes: { 'shop_mail_messages_total{outcome="failed"}': counter(0.0003) },
    verdicts: { "email-sendgrid": "due" },
  },
  {
    name: "offices refused",
    changes: { 'shop_limit_refusals_total{address="shared"}': counter(1) },
    verdicts: { "rate-limits-raised": "due" },
    by: "evidence",
    binding: "shared-address-refusal-ratio",
  },
  {
    name: "an abuser refused",
    changes: { 'shop_limit_refusals_total{address="single"}': counter(10) },
    verdicts: {},
    binding: "mail-quota-ratio",
  },
];
