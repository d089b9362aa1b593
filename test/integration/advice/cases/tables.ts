import type { Case } from "./case.ts";

/** Signals of the tables that grow with every login. */
export const tableCases: readonly Case[] = [
  {
    what: "rows are the table's",
    signal: "login-attempts",
    instances: { w1: { shop_login_attempts: 10_000_000 } },
    level: 10_000_000,
  },
  {
    what: "size is the table's with its indexes",
    signal: "login-attempts-size",
    instances: { w1: { shop_login_attempts_size_bytes: 2_147_483_648 } },
    level: 2_147_483_648,
  },
  {
    what: "a vacuum that does not keep up stays overdue",
    signal: "login-attempts-vacuum-debt",
    instances: { w1: { shop_login_attempts_vacuum_debt_ratio: 2.5 } },
    level: 2.5,
  },
  {
    what: "old attempts are the database's, however many instances report them",
    signal: "old-login-attempts",
    instances: { w1: { shop_login_attempts_old: 1_200_000 }, w2: { shop_login_attempts_old: 1_200_000 } },
    level: 1_200_000,
  },
  {
    what: "expired sessions are a share of their table",
    signal: "expired-session-ratio",
    instances: { w1: { shop_sessions_expired: 150_000, shop_sessions: 500_000 } },
    level: 0.3,
  },
];
