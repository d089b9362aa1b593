import { figures, type LimitRuleName } from "../contract/figures.ts";

export type LimitProfile = "base" | "raised";

/** One of the seed's limits: `points` requests in `windowSeconds` from one client address. */
export interface LimitRule {
  readonly name: LimitRuleName;
  readonly path: RegExp;
  readonly windowSeconds: number;
  readonly points: number;
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

/** The first rule that matches a path decides; undefined when none does. */
export function ruleFor(rules: readonly LimitRule[], path: string): LimitRule | undefined {
  return rules.find((rule) => rule.path.test(path));
}
