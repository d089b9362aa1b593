import { accountQuotas } from "../limits/account-quotas.ts";
import { admitAccount, refuseAccount } from "./admit-account.ts";
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
  const { limiter, passwords } = services;
  const { key, storedHash, password } = attempt;
  if (!(await admitAccount(services, exchange, loginPerUser, key))) return { outcome: "refused" };
  const verdict = await limiter.count(failedLogins, key);
  services.metrics.limitChecks.inc({ rule: failedLogins.name });
  if (verdict?.allowed === false) {
    await limiter.giveBack(loginPerUser, key);
    refuseAccount(services, exchange, failedLogins, verdict);
    return { outcome: "refused" };
  }
  try {
    if (await passwords.matches(storedHash, password)) {
      await limiter.clear(failedLogins, key);
      return { outcome: "right" };
    }
  } catch (error) {
    // Nothing was tried: there were too many passwords to hash.
    await Promise.all([limiter.giveBack(loginPerUser, key), limiter.giveBack(failedLogins, key)]);
    throw error;
  }
  return { outcome: "wrong", isLast: verdict?.remaining === 0 };
}
