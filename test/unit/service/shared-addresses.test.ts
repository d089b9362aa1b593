import { describe, expect, it } from "vitest";
import { SharedAddresses } from "../../../service/limits/shared-addresses.ts";

describe("an address", () => {
  it("is shared from its fifth signed-in user on", () => {
    const addresses = new SharedAddresses(() => 0);
    for (const account of [1, 2, 3, 4, 4, 4]) addresses.see("192.0.2.1", account);
    expect(addresses.isShared("192.0.2.1")).toBe(false);
    addresses.see("192.0.2.1", 5);
    expect(addresses.isShared("192.0.2.1")).toBe(true);
    expect(addresses.isShared("192.0.2.2")).toBe(false);
  });

  it("is single again when one of the five was not seen for more than ten minutes", () => {
    let now = 0;
    const addresses = new SharedAddresses(() => now);
    for (const account of [1, 2, 3, 4, 5]) addresses.see("192.0.2.1", account);
    now = 599_999;
    expect(addresses.isShared("192.0.2.1")).toBe(true);
    for (const account of [2, 3, 4, 5]) addresses.see("192.0.2.1", account);
    expect(addresses.isShared("192.0.2.1")).toBe(true);
    now = 600_000;
    expect(addresses.isShared("192.0.2.1")).toBe(false);
    addresses.see("192.0.2.1", 6);
    expect(addresses.isShared("192.0.2.1")).toBe(true);
  });

  it("is forgotten when 100,000 others were seen since", () => {
    const addresses = new SharedAddresses(() => 0);
    for (const account of [1, 2, 3, 4, 5]) addresses.see("192.0.2.1", account);
    for (let n = 0; n < 100_000; n += 1) addresses.see(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, 1);
    expect(addresses.isShared("192.0.2.1")).toBe(false);
  });
});
