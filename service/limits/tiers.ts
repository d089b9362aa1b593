import { accountTiers, type AccountTier } from "../contract/accounts.ts";
import { figures, type LimitRuleName } from "../contract/figures.ts";
import type { Quota } from "./limiter.ts";
import type { LimitRule } from "./rules.ts";

/** The seed raises what an address may ask of the API by this much: one tier is that far from the next. */
const { before, after } = figures.rateLimits.find(({ name }) => name === "api") ?? { before: 1, after: 1 };
const step = after / before;

/**
 * What a signed-in account may ask, as a multiple of the rule for an address: half of it while its address of mail is not
 * verified, the same when it is, twice as much for premium.
 */
const scale: Record<AccountTier, number> = { new: 1 / step, verified: 1, premium: step };

/** Rules that count a signed-in shopper by account: whoever shares an address with others has a share of their own. */
const byAccount: ReadonlySet<LimitRuleName> = new Set(["search", "api"]);

/** The rules that accounts are counted by, one for each tier. */
export function tierQuotas(rules: readonly LimitRule[]): readonly Quota[] {
  return rules.filter((rule) => isByAccount(rule)).flatMap((rule) => accountTiers.map((tier) => tierQuota(rule, tier)));
}

export function isByAccount(rule: LimitRule): boolean {
  return byAccount.has(rule.name as LimitRuleName);
}

/** A rule as it holds for an account of a tier. */
export function tierQuota(rule: LimitRule, tier: AccountTier): Quota {
  return {
    name: `${rule.name}-${tier}`,
    points: Math.max(1, Math.floor(rule.points * scale[tier])),
    windowSeconds: rule.windowSeconds,
  };
}
