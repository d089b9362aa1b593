import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { gunzipSync, brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";

let postgres: TestPostgres;
let shop: TestShop;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 5, 60);
  shop = await startShop(postgres.shopUrl());
});
afterAll(async () => {
  await shop?.stop();
  await postgres?.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Names in the order and spelling that they came in. */
  readonly names: readonly string[];
  readonly body: Buffer;
}

/** Sends exactly these headers. */
function ask(path: string, headers: Record<string, string>, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(shop.url + path, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const names = response.rawHeaders.filter((_, index) => index % 2 === 0);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, names, body: Buffer.concat(chunks) });
      });
    });
    sent.once("error", reject);
    sent.end();
  });
}

/** What differs from one request to the next whichever way it goes. */
function comparable({ status, headers, names, body }: Answer): object {
  const { date: _date, ratelimit: _ratelimit, ...rest } = headers;
  return { status, headers: rest, names, body: body.toString("base64") };
}

const paths = [
  `${routes.products}?limit=20`,
  `${routes.products}?sort=price`,
  `${routes.search}?q=oak`,
  routes.product.replace(":id", "7"),
];

describe("the short way past the router", () => {
  it.each(paths)("answers %s as the long way does, header by header", async (path) => {
    const net = 101 + paths.indexOf(path);
    let client = 0;
    const variants: Record<string, string>[] = [
      {},
      { "accept-encoding": "gzip" },
      { "accept-encoding": "br;q=1, gzip" },
      { "accept-encoding": "gzip;q=0, identity" },
    ];
    await ask(path, { "x-forwarded-for": "198.51.100.1" });
    for (const variant of variants) {
      for (const method of ["GET", "HEAD"]) {
        client += 1;
        const headers = { ...variant, "x-request-id": "same", "x-forwarded-for": `198.51.${net}.${client}` };
        // Not every spelling of Accept is known to the short way: the router answers this one.
        const long = await ask(path, { ...headers, accept: "application/*, */*;q=0.1" }, method);
        const short = await ask(path, headers, method);
        expect(comparable(short)).toEqual(comparable(long));
        expect(short.status).toBe(200);
        expect(short.headers.ratelimit).toMatch(/;r=98;/);
        const known = { ...headers, "if-none-match": short.headers.etag ?? "" };
        const [longKnown, shortKnown] = [
          await ask(path, { ...known, accept: "application/*, */*;q=0.1" }, method),
          await ask(path, known, method),
        ];
        expect(comparable(shortKnown)).toEqual(comparable(longKnown));
        expect(shortKnown.status).toBe(304);
      }
    }
  });

  it("gives the same bytes in every form", async () => {
    const path = `${routes.products}?limit=30`;
    const plain = await ask(path, {});
    const forms = [
      (await ask(path, { "accept-encoding": "gzip" })).body,
      (await ask(path, { "accept-encoding": "br, gzip" })).body,
    ] as const;
    expect(gunzipSync(forms[0]).equals(plain.body)).toBe(true);
    expect(brotliDecompressSync(forms[1]).equals(plain.body)).toBe(true);
    expect(forms[1].length).toBeLessThan(plain.body.length / 2);
  });

  it("counts against the limit and in the metrics as the long way does", async () => {
    const path = `${routes.products}?limit=3`;
    const series = `shop_http_requests_total{method="GET",route="${routes.products}",status="429"}`;
    const statuses: number[] = [];
    for (let turn = 0; turn < 103; turn += 1) {
      statuses.push((await ask(path, { "x-forwarded-for": "198.51.200.1" })).status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(statuses.slice(100)).toEqual([429, 429, 429]);
    expect(await shop.metric(series)).toBe(3);
  });

  it("is closed by an order: the stock is the new one at once", async () => {
    const path = routes.product.replace(":id", "9");
    const stockOf = async () =>
      (JSON.parse((await ask(path, { "x-forwarded-for": "198.51.201.1" })).body.toString()) as { stock: number }).stock;
    const before = await stockOf();
    expect(await stockOf()).toBe(before);
    const token = await openSession(postgres, 1);
    const placed = await shop.fetch(routes.orders, { token, json: { lines: [{ productId: 9, quantity: 3 }] } });
    expect(placed.status).toBe(201);
    expect(await stockOf()).toBe(before - 3);
  });
});
