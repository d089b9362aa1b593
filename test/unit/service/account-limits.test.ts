import { describe, expect, it } from "vitest";
import { routes } from "../../../service/contract/routes.ts";
import { accountQuotas } from "../../../service/limits/account-quotas.ts";
import { accountRule, limitRules, ownAccountRule, ruleFor } from "../../../service/limits/rules.ts";
import { tierQuotas } from "../../../service/limits/tiers.ts";
import { TokenLookups } from "../../../service/limits/token-lookups.ts";

const written = (quotas: readonly { name: string; points: number; windowSeconds: number }[]) =>
  quotas.map(({ name, points, windowSeconds }) => `${name} ${points}/${windowSeconds}s`);

describe("limits of accounts", () => {
  it("are the seed's 100 logins and 5 registrations a day", () => {
    expect(written(Object.values(accountQuotas))).toEqual([
      "login-per-user 100/86400s",
      "failed-logins 10/900s",
      "registration-per-mail 5/86400s",
      "reset-per-mail-and-client 5/86400s",
      "reset-per-mail 20/86400s",
      "verification-per-mail 5/86400s",
    ]);
  });

  it("let new accounts ask half of what an address may, verified ones as much, premium twice as much", () => {
    expect(written(tierQuotas(limitRules("base")))).toEqual([
      "search-new 50/60s",
      "search-verified 100/60s",
      "search-premium 200/60s",
      "api-new 50/60s",
      "api-verified 100/60s",
      "api-premium 200/60s",
    ]);
    expect(written(tierQuotas(limitRules("raised"))).slice(3)).toEqual([
      "api-new 100/60s",
      "api-verified 200/60s",
      "api-premium 400/60s",
    ]);
  });

  it.each([
    ["/accounts/token/", "login"],
    ["/accounts/token/refresh/", "account"],
    ["/accounts/password/reset/confirm/", "account"],
    ["/accounts/email/verify/", "account"],
    ["/accounts/sessions/", "api"],
    ["/accounts/me/", "api"],
  ])("count %s as %s", (path, rule) => {
    expect(ruleFor([...limitRules("base"), accountRule("base"), ownAccountRule("base")], path)?.name).toBe(rule);
  });
});

it("every route of an account has a limit", () => {
  const rules = [...limitRules("base"), accountRule("base"), ownAccountRule("base")];
  const paths = Object.values(routes).filter((path) => path.startsWith("/accounts/"));
  expect(paths.filter((path) => ruleFor(rules, path) === undefined)).toEqual([]);
});

describe("wrong access tokens", () => {
  it("of one address are looked up 100 times a minute, and nobody else's are held up", () => {
    let now = 1_000;
    const lookups = new TokenLookups(() => now);
    for (let n = 0; n < 100; n += 1) {
      expect(lookups.waitSeconds("192.0.2.1")).toBe(0);
      lookups.wasWrong("192.0.2.1");
    }
    now += 20_000;
    expect([lookups.waitSeconds("192.0.2.1"), lookups.waitSeconds("192.0.2.2")]).toEqual([40, 0]);
    now += 40_000;
    expect(lookups.waitSeconds("192.0.2.1")).toBe(0);
  });
});
