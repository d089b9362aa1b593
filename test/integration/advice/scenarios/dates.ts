import { day, MiB, until, load1, pooled, inUse, type Scenario } from "./scenario.ts";

/** Dates on which resources are used up. */
export const datesScenarios: readonly Scenario[] = [
  {
    name: "storage grows to its limit in two weeks",
    topology: pooled,
    changes: { shop_db_size_bytes: (at) => (740 + ((at - until) / day) * 5) * MiB },
    verdicts: { "database-paid": "soon" },
    binding: "database-size-ratio",
    breach: { of: "database-size-ratio", on: "2026-03-15" },
  },
  {
    name: "storage grows to its limit in three months",
    topology: pooled,
    changes: { shop_db_size_bytes: (at) => (530 + ((at - until) / day) * 3) * MiB },
    verdicts: {},
    binding: "database-size-ratio",
    breach: { of: "database-size-ratio", on: "2026-06-01" },
  },
  {
    name: "two constraints close together",
    topology: pooled,
    changes: {
      shop_db_size_bytes: (at) => (740 + ((at - until) / day) * 5) * MiB,
      shop_mail_last_day: (at) => 320 + ((at - until) / day) * 4,
    },
    verdicts: { "database-paid": "soon" },
    binding: "database-size-ratio",
    later: "mail-quota-ratio",
    breach: { of: "mail-quota-ratio", on: "2026-03-23" },
  },
  {
    name: "pool grows exponentially, with weeks and noise",
    changes: inUse(load1({ peak: 7, kind: "exponential", monthly: 0.25, weekly: 0.05, noise: 0.05, seed: 11 })),
    verdicts: { "connection-pooler": "soon" },
    binding: "pool-utilisation",
  },
];
