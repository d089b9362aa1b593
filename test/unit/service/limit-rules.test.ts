import { describe, expect, it } from "vitest";
import { limitRules, ruleFor } from "../../../service/limits/rules.ts";

const quotas = (profile: "base" | "raised") =>
  limitRules(profile).map(({ name, points, windowSeconds }) => `${name} ${points}/${windowSeconds}s`);

describe("the seed's limits", () => {
  it("are 20, 20, 100 and 100 before", () => {
    expect(quotas("base")).toEqual(["login 20/60s", "registration 20/3600s", "search 100/60s", "api 100/60s"]);
  });

  it("are 50, 50, 200 and 200 after", () => {
    expect(quotas("raised")).toEqual(["login 50/60s", "registration 50/3600s", "search 200/60s", "api 200/60s"]);
  });

  it.each([
    ["/accounts/token/", "login"],
    ["/accounts/token/x", undefined],
    ["/accounts/register/", "registration"],
    ["/shop/api/products/search/", "search"],
    ["/shop/api/products/", "api"],
    ["/shop/api/products/7/", "api"],
    ["/shop/api/orders/", "api"],
    ["/accounts/me/", undefined],
  ])("count %s as %s: the first rule that matches decides", (path, rule) => {
    expect(ruleFor(limitRules("base"), path)?.name).toBe(rule);
  });
});
