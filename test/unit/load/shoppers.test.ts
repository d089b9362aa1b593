import { describe, expect, test } from "vitest";
import { figures } from "../../../service/contract/figures.ts";
import { homeAddress, isLoopbackUrl, officeAddress, officesFor } from "../../../cli/load/addresses.ts";
import { searchTermsOf } from "../../../cli/load/catalogue.ts";
import { outcomeOf } from "../../../cli/load/exchange.ts";
import { actions, concurrentOf, drawAction, rateOf } from "../../../cli/load/mix.ts";
import { nextArrivalMs, seededRandom, zipfRank } from "../../../cli/load/random.ts";
import { requestsOf } from "../../../cli/load/requests.ts";
import { shoppersOf } from "../../../cli/load/shoppers.ts";

const catalogue = { productIds: [11, 12, 13], searchTerms: ["blue", "mug"] };
const draws = 200_000;

function shopWith(users: number, ratePerSecond: number) {
  const random = seededRandom(7);
  const shoppers = shoppersOf({ users, offices: officesFor(ratePerSecond), random });
  return { random, shoppers, request: requestsOf({ catalogue, shoppers, random, run: "run" }) };
}

function times<T>(count: number, make: () => T): readonly T[] {
  return Array.from({ length: count }, make);
}

describe("the traffic of the growth plan", () => {
  test("is 1,250 requests a second at 100,000 users, and linear below", () => {
    expect(rateOf(100_000)).toBe(1_250);
    expect(rateOf(8_500)).toBeCloseTo(106.25, 10);
    expect(concurrentOf(8_500)).toBe(850);
  });

  test("has the mix's shares", () => {
    const random = seededRandom(1);
    const drawn = times(draws, () => drawAction(random));
    for (const action of actions) {
      const share = drawn.filter((one) => one === action).length / draws;
      expect(Math.abs(share - figures.loadAt100k.mix[action])).toBeLessThan(0.004);
    }
  });

  test("arrives as a Poisson process: the mean gap is the rate's, and its spread is as large", () => {
    const random = seededRandom(2);
    const gaps = times(draws, () => nextArrivalMs(random, 100));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / draws;
    const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / draws);
    expect(mean).toBeCloseTo(10, 0);
    expect(spread / mean).toBeCloseTo(1, 1);
    expect(Math.min(...gaps.slice(0, 1_000))).toBeGreaterThan(0);
  });

  test("asks for the best known product twice as often as for the second", () => {
    const [random, draw] = [seededRandom(3), zipfRank(2_000)];
    const ranks = times(draws, () => draw(random));
    const count = (rank: number): number => ranks.filter((one) => one === rank).length;
    expect(count(0) / count(1)).toBeCloseTo(2, 1);
    expect(count(0) / count(9)).toBeCloseTo(10, -1);
    expect(ranks.every((rank) => rank >= 0 && rank < 2_000)).toBe(true);
  });

  test("is the same for the same seed", () => {
    const [first, second] = [shopWith(500, 50), shopWith(500, 50)];
    const run = ({ random, request }: ReturnType<typeof shopWith>) => times(500, () => request(drawAction(random)));
    expect(run(first)).toEqual(run(second));
  });
});

describe("addresses", () => {
  test("are one for each home and one for each office, all on the loopback network", () => {
    expect(homeAddress(1)).toBe("127.32.0.1");
    expect(homeAddress(8_500)).toBe("127.32.33.52");
    expect(homeAddress(100_000)).toBe("127.33.134.160");
    expect(officeAddress(0)).toBe("127.16.0.1");
  });

  test("send load to http on 127.0.0.0/8 and to nothing else", () => {
    expect(["http://127.0.0.1:8080", "http://127.9.8.7"].map(isLoopbackUrl)).toEqual([true, true]);
    const others = [
      "http://10.0.0.1",
      "http://example.com",
      "https://127.0.0.1",
      "http://127.0.0.1.example.com",
      "127.0.0.1",
      "http://[::1]:80",
    ];
    expect(others.map(isLoopbackUrl)).toEqual(others.map(() => false));
  });

  test("of offices send 225 requests a minute each: over the base limit of the API, under the raised one and the others", () => {
    const offices = officesFor(rateOf(8_500));
    expect(offices.count).toBe(5);
    const perMinute = (rateOf(8_500) * 60 * offices.share) / offices.count;
    expect(perMinute).toBeCloseTo(225, 6);
    const { mix } = figures.loadAt100k;
    const api = perMinute * (mix.productList + mix.productDetail + mix.ownOrders + mix.placeOrder);
    const [login, , search, general] = figures.rateLimits;
    expect(api).toBeGreaterThan(general.before * 1.3);
    expect(api + 4 * Math.sqrt(api)).toBeLessThan(general.after);
    expect(perMinute * mix.search).toBeLessThan(search.before);
    expect(perMinute * mix.login).toBeLessThan(login.before);
  });

  test("have no office in a shop too small to fill one", () => {
    expect(officesFor(10)).toEqual({ count: 0, share: 0 });
  });

  test("of the shoppers are as many offices as there are, with their share of the places", () => {
    const { shoppers } = shopWith(8_500, rateOf(8_500));
    const met = times(20_000, () => shoppers.anyone());
    const atOffice = met.filter((shopper) => shopper.atOffice);
    expect(new Set(atOffice.map(({ address }) => address)).size).toBe(5);
    expect(atOffice.length / met.length).toBeCloseTo(officesFor(rateOf(8_500)).share, 1);
  });
});

describe("shoppers", () => {
  test("sign in before they act on orders, and keep their token", () => {
    const { request } = shopWith(50, 1);
    const first = request("placeOrder");
    expect(first).toMatchObject({ action: "login", method: "POST", path: "/accounts/token/" });
    expect(JSON.parse(first.body ?? "")).toEqual({
      email: `shopper${first.shopper.user}@example.test`,
      password: "correct horse battery staple",
    });
    first.shopper.token = "t0ken";
    first.shopper.tokenEndsAtMs = Date.now() + 60_000;
    const order = request("placeOrder");
    expect(order.shopper).toBe(first.shopper);
    expect(order.headers).toMatchObject({ authorization: "Bearer t0ken", "idempotency-key": "run-1" });
    expect(request("placeOrder").headers["idempotency-key"]).toBe("run-2");
    expect(request("ownOrders").headers["authorization"]).toBe("Bearer t0ken");
    first.shopper.tokenEndsAtMs = Date.now();
    expect(request("ownOrders")).toMatchObject({ action: "login" });
  });

  test("order products that exist, each once in an order", () => {
    const { request } = shopWith(50, 1);
    Object.assign(request("login").shopper, { token: "t", tokenEndsAtMs: Number.POSITIVE_INFINITY });
    const orders = times(
      300,
      () => JSON.parse(request("placeOrder").body ?? "") as { lines: { productId: number; quantity: number }[] },
    );
    const ids = orders.map(({ lines }) => lines.map(({ productId }) => productId));
    expect(ids.every((lines) => new Set(lines).size === lines.length)).toBe(true);
    expect(new Set(ids.flat())).toEqual(new Set(catalogue.productIds));
  });

  test("all come to the shop in turn as others sign in", () => {
    const { shoppers } = shopWith(40, 1);
    const users = times(80, () => shoppers.nextToSignIn().user);
    expect(new Set(users)).toEqual(new Set(Array.from({ length: 40 }, (_, index) => index + 1)));
  });

  test("search for words of product names", () => {
    expect(searchTermsOf([{ name: "Blue Tea Mug" }, { name: "Mug 7" }, { name: "Blue Ox 2" }])).toEqual([
      "blue",
      "mug",
    ]);
  });
});

describe("an answer", () => {
  test.each([
    ["login", 200, "ok"],
    ["placeOrder", 201, "ok"],
    ["placeOrder", 200, "unexpected"],
    ["placeOrder", 409, "soldOut"],
    ["search", 409, "clientError"],
    ["search", 429, "refused"],
    ["ownOrders", 401, "clientError"],
    ["search", 503, "serverError"],
    ["search", 302, "unexpected"],
  ] as const)("to %s of %i is %s", (action, status, outcome) => {
    expect(outcomeOf(action, status)).toBe(outcome);
  });
});
