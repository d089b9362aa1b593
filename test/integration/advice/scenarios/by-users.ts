import { day, until, users, allBut, allOfPhase1, shared, type Scenario } from "./scenario.ts";

/** Steps that the user count asks for, alone or before long. */
export const byUsersScenarios: readonly Scenario[] = [
  { name: "users alone begin phase 1", changes: users({ peak: 8_300 }), verdicts: allOfPhase1, by: "users" },
  {
    name: "users ask for alerts",
    topology: allBut("monitoring"),
    changes: { ...shared, ...users({ peak: 10_400 }) },
    verdicts: { monitoring: "due" },
    by: "users",
  },
  {
    name: "users grow into phase 1 within the month",
    changes: users({ peak: 7_700, monthly: 0.2 }),
    verdicts: {
      "connection-pooler": "soon",
      "tier-standard": "soon",
      "database-paid": "soon",
      "cache-redis": "soon",
      "email-sendgrid": "soon",
      "rate-limits-raised": "soon",
    },
    breach: { of: "users", on: "2026-03-11" },
  },
  { name: "users grow, far from phase 1", changes: users({ peak: 6_000, monthly: 0.05 }), verdicts: {} },
  {
    name: "growth that stalls",
    changes: { shop_users: (at) => Math.min(7_700, 7_700 + ((at - (until - 20 * day)) / day) * 60) },
    verdicts: {},
  },
];
