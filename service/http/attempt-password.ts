import { accountQuotas } from "../limits/account-quotas.ts";
import { refuseAccount } from "./admit-account.ts";
import type { Services } from "./services.ts";
import type { Exchange } from "./step.ts";

export type Attempt =
  /** The answer was given: too many. */
  | { readonly outcome: "refused" }
  | { readonly outcome: "right" }
  /** `isLast` for the one after which no other is let through; exactly one of those that run at once. */
  | { readonly outcome: "wrong"; readonly isLast: boolean };

const { loginPerUser, failedLogins } = accountQuotas;

/**
 * Checks a password within the quotas of `key`: an address of mail, or one of its trusted devices. An attempt is counted
 * before it is made, so that many at once, over many processes, are not more than one after another.
 */
export async function attemptPassword(
  services: Services,
  exchange: Exchange,
  attempt: { readonly key: string; readonly storedHash: string | undefined; readonly password: string },
): Promise<Attempt> {
  const { limiter, passwords, metrics, background } = services;
  const { key, storedHash, password } = attempt;
  // Both in one round trip: what was counted for an attempt that the other refuses is given back.
  const [today, inRow] = await Promise.all([limiter.count(loginPerUser, key), limiter.count(failedLogins, key)]);
  metrics.limitChecks.inc({ rule: loginPerUser.name });
  metrics.limitChecks.inc({ rule: failedLogins.name });
  if (today?.allowed === false) {
    await limiter.giveBack(failedLogins, key);
    refuseAccount(services, exchange, loginPerUser, today);
    return { outcome: "refused" };
  }
  if (inRow?.allowed === false) {
    await limiter.giveBack(loginPerUser, key);
    refuseAccount(services, exchange, failedLogins, inRow);
    return { outcome: "refused" };
  }
  try {
    if (await passwords.matches(storedHash, password)) {
      background.run("failed sign-ins forgotten", () => limiter.clear(failedLogins, key));
      return { outcome: "right" };
    }
  } catch (error) {
    // Nothing was tried: there were too many passwords to hash.
    await Promise.all([limiter.giveBack(loginPerUser, key), limiter.giveBack(failedLogins, key)]);
    throw error;
  }
  return { outcome: "wrong", isLast: inRow?.remaining === 0 };
}
