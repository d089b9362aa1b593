import { describe, expect, it } from "vitest";
import { CacheAside } from "../../../service/cache/cache-aside.ts";
import { MemoryCache } from "../../../service/cache/memory-cache.ts";

async function put(cache: MemoryCache, key: string, value: string, ttlSeconds = 60): Promise<void> {
  await cache.fill(await cache.reserve(key), value, ttlSeconds);
}

describe("the cache in the process", () => {
  it("stays within its bytes and drops what was not used for longest", async () => {
    const cache = new MemoryCache(3 * (2 + 100 + 160));
    for (const key of ["a", "b", "c"]) await put(cache, key, "x".repeat(100));
    expect(cache.bytes).toBe(786);
    await cache.get("a");
    await put(cache, "d", "x".repeat(100));
    expect(cache.bytes).toBe(786);
    expect(await cache.get("b")).toBeUndefined();
    expect(await cache.get("a")).toBe("x".repeat(100));
  });

  it("keeps nothing larger than itself, and nothing past its time", async () => {
    let now = 0;
    const cache = new MemoryCache(1_000, () => now);
    await put(cache, "large", "x".repeat(1_000));
    expect(await cache.get("large")).toBeUndefined();
    await put(cache, "short", "y", 2);
    now = 1_999;
    expect(await cache.get("short")).toBe("y");
    now = 2_000;
    expect(await cache.get("short")).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });

  it("does not hold what ended until there is no room", async () => {
    let now = 0;
    const cache = new MemoryCache(1_000_000, () => now);
    for (let session = 0; session < 1_000; session += 1) await put(cache, `session ${session}`, "x", 5);
    now = 5_000;
    await put(cache, "next", "x", 5);
    expect(cache.bytes).toBe(2 * "next".length + 1 + 160);
  });
});

describe("reading through the cache", () => {
  it("loads once for readers that come together", async () => {
    const lookups: boolean[] = [];
    const aside = new CacheAside(new MemoryCache(10_000), (_name, hit) => lookups.push(hit));
    let loads = 0;
    const load = (): Promise<string> => {
      loads += 1;
      return Promise.resolve("value");
    };
    const answers = await Promise.all(Array.from({ length: 20 }, () => aside.read("product", "1", 60, load)));
    expect(new Set(answers)).toEqual(new Set(["value"]));
    expect(await aside.read("product", "1", 60, load)).toBe("value");
    expect(loads).toBe(1);
    expect(lookups.filter((hit) => hit)).toHaveLength(1);
  });

  it("does not keep what was loaded before it was forgotten", async () => {
    const aside = new CacheAside(new MemoryCache(10_000), () => undefined);
    const { promise, resolve } = Promise.withResolvers<string>();
    const started = Promise.withResolvers<void>();
    const early = aside.read("product", "1", 60, () => {
      started.resolve();
      return promise;
    });
    await started.promise;
    await aside.forget("product", ["1"]);
    const late = aside.read("product", "1", 60, () => Promise.resolve("new"));
    resolve("old");
    expect([await early, await late]).toEqual(["old", "new"]);
    expect(await aside.read("product", "1", 60, () => Promise.resolve("unused"))).toBe("new");
  });

  it("forgets all of one cache, what is being loaded included, and nothing of the others", async () => {
    const aside = new CacheAside(new MemoryCache(10_000), () => undefined);
    const { promise, resolve } = Promise.withResolvers<string>();
    const started = Promise.withResolvers<void>();
    await aside.read("product-list", "a", 60, () => Promise.resolve("old a"));
    await aside.read("product", "a", 60, () => Promise.resolve("kept"));
    const early = aside.read("product-list", "b", 60, () => {
      started.resolve();
      return promise;
    });
    await started.promise;
    await aside.forgetAll("product-list");
    resolve("old b");
    expect(await early).toBe("old b");
    for (const key of ["a", "b"]) {
      expect(await aside.read("product-list", key, 60, () => Promise.resolve("new"))).toBe("new");
    }
    expect(await aside.read("product", "a", 60, () => Promise.resolve("unused"))).toBe("kept");
  });

  it("tries again after a load that failed or found nothing", async () => {
    const aside = new CacheAside(new MemoryCache(10_000), () => undefined);
    await expect(aside.read("product", "1", 60, () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await aside.read("product", "1", 60, () => Promise.resolve(undefined))).toBeUndefined();
    expect(await aside.read("product", "1", 60, () => Promise.resolve("there"))).toBe("there");
  });
});
