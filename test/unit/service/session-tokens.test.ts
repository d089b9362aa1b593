import { describe, expect, it } from "vitest";
import { familyOf, hashToken, issueTokens } from "../../../service/accounts/session-tokens.ts";

describe("tokens of a session", () => {
  it("last 15 minutes and 14 days, and are stored hashed", () => {
    const issued = issueTokens(0);
    expect([issued.accessExpiresAt.getTime(), issued.expiresAt.getTime()]).toEqual([900_000, 1_209_600_000]);
    expect(issued.tokenHash).toEqual(hashToken(issued.token));
    expect(issued.refreshHash).toEqual(hashToken(issued.refreshToken));
  });

  it("keep their family when they are refreshed, and nothing else", () => {
    const first = issueTokens(0);
    const family = familyOf(first.refreshToken);
    const second = issueTokens(0, family);
    expect(second.familyHash).toEqual(first.familyHash);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(issueTokens(0).familyHash).not.toEqual(first.familyHash);
  });

  it("are only known in the spelling that was given out", () => {
    const { refreshToken } = issueTokens(0);
    for (const wrong of ["", "x", `${refreshToken}A`, `${refreshToken}=`, ` ${refreshToken}`, refreshToken.slice(1)]) {
      expect(familyOf(wrong)).toBeUndefined();
    }
  });
});
