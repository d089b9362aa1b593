import { figures } from "../contract/figures.ts";
import type { Quota } from "./limiter.ts";

const daySeconds = 86_400;
/** Failed attempts after which an address is locked, and for how long: at most 960 guesses a day, and the seed allows 100. */
const failures = 10;
export const lockSeconds = 900;
/** So many networks can each use up their codes for one address in a day: the owner's and three others. */
const networksPerMail = 4;

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
  /**
   * As many as registrations: both send a mail to whoever is named. Anybody may ask for it, so each network has its own: a
   * stranger must not use up the way out of a lock.
   */
  resetPerMailAndClient: {
    name: "reset-per-mail-and-client",
    points: figures.registrationPerDayPerEmail,
    windowSeconds: daySeconds,
  },
  /** What a mailbox gets of them from all networks. */
  resetPerMail: {
    name: "reset-per-mail",
    points: networksPerMail * figures.registrationPerDayPerEmail,
    windowSeconds: daySeconds,
  },
  /** Only who is signed in asks for these. */
  verificationPerMail: {
    name: "verification-per-mail",
    points: figures.registrationPerDayPerEmail,
    windowSeconds: daySeconds,
  },
} as const satisfies Record<string, Quota>;

export type AccountQuota = (typeof accountQuotas)[keyof typeof accountQuotas];
