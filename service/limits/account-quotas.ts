import { figures } from "../contract/figures.ts";
import type { Quota } from "./limiter.ts";

const daySeconds = 86_400;
/** Failed attempts after which an address is locked, and for how long: at most 960 guesses a day, and the seed allows 100. */
const failures = 10;
export const lockSeconds = 900;

/**
 * Limits that count by address of mail, whether it has an account or not, so that a refusal tells nobody who is a
 * customer. Attempts on a trusted device count apart from all others.
 */
export const accountQuotas = {
  /** The seed's: sign-ins a day for a user, right and wrong ones. */
  loginPerUser: { name: "login-per-user", points: figures.loginPerDayPerUser, windowSeconds: daySeconds },
  /** Sign-ins one after another without a right password; a right one clears them. */
  failedLogins: { name: "failed-logins", points: failures, windowSeconds: lockSeconds },
  /** The seed's. */
  registrationPerMail: {
    name: "registration-per-mail",
    points: figures.registrationPerDayPerEmail,
    windowSeconds: daySeconds,
  },
  /** As many as registrations: both send a mail to whoever is named. */
  codesPerMail: { name: "codes-per-mail", points: figures.registrationPerDayPerEmail, windowSeconds: daySeconds },
  /** Orders a day of an account that has not shown that its address is its own: each sends a mail there, to whoever that is. */
  ordersUnverified: { name: "orders-unverified", points: 10, windowSeconds: daySeconds },
} as const satisfies Record<string, Quota>;

export type AccountQuota = (typeof accountQuotas)[keyof typeof accountQuotas];
