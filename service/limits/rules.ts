import { figures, type LimitRuleName } from "../contract/figures.ts";
import { guardedPaths, ownAccountPaths } from "../contract/routes.ts";
import type { Quota } from "./limiter.ts";

export type LimitProfile = "base" | "raised";

/** A limit by path: `points` requests in `windowSeconds` from one client address. */
export interface LimitRule extends Quota {
  readonly name: LimitRuleName | "account";
  readonly path: RegExp;
}

/** The rules of a profile in the seed's order: `base` before, `raised` after. */
export function limitRules(profile: LimitProfile): readonly LimitRule[] {
  return figures.rateLimits.map(({ name, path, windowSeconds, before, after }) => ({
    name,
    path: new RegExp(path),
    windowSeconds,
    points: profile === "base" ? before : after,
  }));
}

/** Refreshes, codes and passwords: the seed is silent on them, and they are as good to guess at as a login. */
export function accountRule(profile: LimitProfile): LimitRule {
  return { ...seedRule(profile, "login"), name: "account", path: guardedPaths };
}

/** Account, sessions and leaving: the seed is silent on them too. Each is one request of the API's, whatever its path. */
export function ownAccountRule(profile: LimitProfile): LimitRule {
  return { ...seedRule(profile, "api"), path: ownAccountPaths };
}

function seedRule(profile: LimitProfile, wanted: LimitRuleName): LimitRule {
  const rule = limitRules(profile).find(({ name }) => name === wanted);
  if (rule === undefined) throw new Error(`the requirements have no limit ${wanted}`);
  return rule;
}

/** The first rule that matches a path decides; undefined when none does. */
export function ruleFor(rules: readonly LimitRule[], path: string): LimitRule | undefined {
  return rules.find((rule) => rule.path.test(path));
}
