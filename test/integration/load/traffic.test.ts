import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTraffic, type TrafficOptions } from "../../../cli/load/traffic.ts";
import { startShopDouble, type ShopDouble } from "../../support/shop-double.ts";
import { waitUntil } from "../../support/wait-until.ts";

let shop: ShopDouble;

beforeEach(async () => {
  shop = await startShopDouble();
});

afterEach(async () => {
  await shop.close();
});

function shoppers(more: Partial<TrafficOptions> = {}) {
  const catalogue = { productIds: [1, 2, 3], searchTerms: ["mug"] };
  return startTraffic({ baseUrl: shop.url, users: 1_000, ratePerSecond: 200, catalogue, ...more });
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}

describe("counting", () => {
  test("agrees with the server exactly, by route", async () => {
    const traffic = await shoppers();
    await delay(3_000);
    const report = await traffic.stop();
    const { login, search, productList, productDetail, ownOrders, placeOrder } = report.routes;
    const there = Object.fromEntries(shop.counts);
    const here = {
      "POST /accounts/token/": login.sent,
      "GET /shop/api/products/search/": search.sent,
      "GET /shop/api/products/": productList.sent,
      "GET /shop/api/products/:id/": productDetail.sent,
      "GET /shop/api/orders/": ownOrders.sent,
      "POST /shop/api/orders/": placeOrder.sent,
    };
    expect(here).toEqual(there);
    expect(report).toMatchObject({
      sent: sum(shop.counts.values()),
      ok: report.sent,
      failures: 0,
      inFlight: 0,
      abandoned: 0,
    });
    expect(report.sent).toBeGreaterThan(450);
    expect(new Set(shop.idempotencyKeys).size).toBe(placeOrder.sent);
  });

  test("is of each interval, and the intervals add up", async () => {
    const traffic = await shoppers();
    const intervals = [];
    for (let turn = 0; turn < 4; turn += 1) {
      await delay(300);
      intervals.push(traffic.interval());
    }
    const report = await traffic.stop();
    intervals.push(traffic.interval());
    expect(sum(intervals.map(({ sent }) => sent))).toBe(report.sent);
    expect(sum(intervals.map(({ ok }) => ok))).toBe(report.ok);
  });

  test("tells refusals, sold out stock, faults and broken connections apart", async () => {
    shop.interfere = ({ method, url = "" }, response) => {
      if (url.startsWith("/shop/api/products/search/")) return Boolean(response.writeHead(429).end());
      if (url.startsWith("/shop/api/products/?")) return Boolean(response.writeHead(503).end());
      if (/products\/1\//.test(url)) return Boolean(response.socket?.destroy());
      if (/products\/2\//.test(url)) {
        response.writeHead(200, { "content-length": "1000" }).write("cut off");
        return Boolean(setTimeout(() => response.socket?.destroy(), 10));
      }
      return method === "POST" && url === "/shop/api/orders/" ? Boolean(response.writeHead(409).end()) : false;
    };
    const traffic = await shoppers({ ratePerSecond: 300 });
    await delay(3_000);
    const { routes, failures, failed, sent } = await traffic.stop();
    expect(routes.search.refused).toBe(routes.search.sent);
    expect(routes.search.failures).toBe(0);
    expect(routes.productList.serverError).toBe(routes.productList.sent);
    expect(routes.placeOrder.soldOut).toBe(routes.placeOrder.sent);
    expect(routes.productDetail.connectionError + routes.productDetail.ok).toBe(routes.productDetail.sent);
    expect(routes.productDetail.connectionError).toBeGreaterThan(routes.productDetail.ok);
    expect(failures).toBe(routes.productList.sent + routes.productDetail.connectionError);
    expect(failed).toHaveLength(20);
    expect(sent).toBe(sum(shop.counts.values()));
  });

  test("counts a server that is not there as failed, once a request", async () => {
    const { url } = shop;
    await shop.close();
    const traffic = await shoppers({ baseUrl: url });
    await delay(500);
    const report = await traffic.stop();
    expect(report.sent).toBeGreaterThan(50);
    expect(report).toMatchObject({ ok: 0, connectionError: report.sent, failures: report.sent });
    expect(report.failed[0]?.detail).toContain("ECONNREFUSED");
    shop = await startShopDouble();
  });
});

describe("open loop", () => {
  test("a server that stalls for a second makes a second of requests slow, not one", async () => {
    const traffic = await shoppers();
    await delay(1_000);
    traffic.interval();
    const held: (() => void)[] = [];
    let stalled = true;
    shop.interfere = (_request, response) => {
      if (!stalled) return false;
      held.push(() => response.writeHead(200).end('{"token":"t"}'));
      return true;
    };
    await delay(1_000);
    stalled = false;
    for (const release of held) release();
    await delay(300);
    const { sent, latencyMs } = traffic.interval();
    await traffic.stop();
    // 1.3 s of arrivals, of which 1 s waited 500 ms on average: the median is about (1 - 0.65) s.
    expect(sent).toBeGreaterThan(200);
    expect(latencyMs.p50).toBeGreaterThan(200);
    expect(latencyMs.p50).toBeLessThan(500);
    expect(latencyMs.longest).toBeGreaterThan(950);
  });

  test("a request without an answer ends as a timeout at its bound", async () => {
    shop.interfere = () => true;
    const traffic = await shoppers({ timeoutMs: 300 });
    await delay(1_000);
    const { timeout, ok, latencyMs, inFlight, sent } = traffic.total();
    await traffic.stop();
    expect(timeout).toBeGreaterThan(50);
    expect(timeout + inFlight).toBe(sent);
    expect(ok).toBe(0);
    expect(latencyMs.longest).toBeGreaterThanOrEqual(300);
    expect(latencyMs.longest).toBeLessThan(700);
  });
});

describe("shoppers", () => {
  test("come from addresses of their own, and many from each office", async () => {
    const traffic = await shoppers({ offices: { count: 2, share: 0.4 } });
    await delay(2_000);
    const { sent } = await traffic.stop();
    const [office, home] = ["127.16.", "127.32."].map((block) =>
      [...shop.addresses].filter(([address]) => address.startsWith(block)),
    );
    expect(office?.map(([address]) => address).toSorted()).toEqual(["127.16.0.1", "127.16.0.2"]);
    expect(home?.length).toBeGreaterThan(30);
    const atOffices = sum(office?.map(([, count]) => count) ?? []);
    expect(atOffices / sent).toBeGreaterThan(0.3);
    expect(atOffices / sent).toBeLessThan(0.5);
  });

  test("read the catalogue from the shop, by an address of its own", async () => {
    const traffic = await startTraffic({ baseUrl: shop.url, users: 1_000, ratePerSecond: 100 });
    await delay(500);
    const { sent } = await traffic.stop();
    expect([...shop.addresses.keys()].filter((address) => address.startsWith("127.48."))).toHaveLength(1);
    expect(sum(shop.counts.values())).toBe(sent + 1);
  });

  test("are refused for another host", async () => {
    await expect(startTraffic({ baseUrl: "http://192.0.2.1", users: 10 })).rejects.toThrow("is not on 127.0.0.0/8");
  });
});

describe("stopping", () => {
  test("takes the answers that still come, closes every socket and can be asked for twice", async () => {
    shop.interfere = (_request, response) =>
      Boolean(setTimeout(() => response.writeHead(200).end('{"token":"t"}'), 200));
    const traffic = await shoppers();
    await delay(700);
    const [first, second] = await Promise.all([traffic.stop(), traffic.stop()]);
    expect(second).toBe(first);
    expect(first).toMatchObject({ abandoned: 0, inFlight: 0 });
    await waitUntil("every socket to close", () => Promise.resolve(shop.sockets.size === 0));
  });

  test("gives up after two seconds and says how many were left", async () => {
    shop.interfere = () => true;
    const traffic = await shoppers();
    await delay(500);
    const startedAt = performance.now();
    const report = await traffic.stop();
    expect(performance.now() - startedAt).toBeLessThan(2_400);
    expect(report).toMatchObject({ abandoned: report.sent, failures: 0, inFlight: 0 });
    await waitUntil("every socket to close", () => Promise.resolve(shop.sockets.size === 0));
  });
});
