/**
 * Tasks that clear old rows away, in the order in which `archiving` runs them every night: `node task.js <name>…`.
 * Login attempts go to their archive; the others are of no use to anybody and go for good.
 */
export const dailyTasks = [
  "login-attempts",
  "sessions",
  "account-locks",
  "mail-tokens",
  "idempotency-keys",
  "mail-log",
] as const;
