import { describe, expect, it } from "vitest";
import { cacheRedis } from "../../../cli/phases/cache-redis.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { baselineHost, phase1Host } from "./observations.ts";

describe("step cache-redis", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = cacheRedis.apply(baseline);
    expect(after).toEqual({
      ...baseline,
      cache: "redis",
    });
    expect(cacheRedis.revert(after)).toEqual(baseline);
    expect([cacheRedis.isDone(baseline), cacheRedis.isDone(after)]).toEqual([false, true]);
  });

  it("is proven on a host after phase 1 and not at the baseline", () => {
    expect(cacheRedis.verify(phase1Host).filter(({ ok }) => !ok)).toEqual([]);
    expect(cacheRedis.verify(baselineHost).some(({ ok }) => !ok)).toBe(true);
  });

  it("is proven undone at the baseline and not after phase 1", () => {
    expect(cacheRedis.verifyUndone(baselineHost).filter(({ ok }) => !ok)).toEqual([]);
    expect(cacheRedis.verifyUndone(phase1Host).some(({ ok }) => !ok)).toBe(true);
  });

  it("is not proven by a Redis that no instance uses", () => {
    const cache = phase1Host.cache && { ...phase1Host.cache, clients: 0 };
    const failed = cacheRedis.verify({ ...phase1Host, ...(cache && { cache }) }).filter(({ ok }) => !ok);
    expect(failed.map(({ what }) => what)).toEqual(["service instances are connected to the cache"]);
  });
});
