import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let shop: TestShop;
let token = "";

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 10, 60);
  // Nothing is held: every read is loaded, past Express (plain ones in `PlainReads`) or by it.
  shop = await startShop(postgres.shopUrl(), { SHOP_CACHE: "none", SHOP_LIMITS: "raised" });
  token = await openSession(postgres, 1);
});
afterAll(async () => {
  await shop?.stop();
  await postgres?.stop();
});

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly body?: string;
  readonly signedIn?: boolean;
  readonly headers?: Record<string, string>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Names in the order and spelling that they came in. */
  readonly names: readonly string[];
  readonly body: string;
}

let client = 0;
/** From an address of its own. The direct way knows only the usual spellings of Accept; `by` Express knows all. */
function ask({ method = "GET", path, body, signedIn, headers }: Sent, by: "express" | "direct"): Promise<Answer> {
  client += 1;
  const sent = {
    "x-forwarded-for": `10.9.${client >> 8}.${client & 255}`,
    "x-request-id": "same",
    accept: by === "express" ? "application/*, */*;q=0.1" : "*/*",
    ...(signedIn === true ? { authorization: `Bearer ${token}` } : {}),
    ...(body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": `${Buffer.byteLength(body)}` }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest(shop.url + path, { method, headers: sent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const names = response.rawHeaders.filter((_, index) => index % 2 === 0);
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, names, body: text });
      });
    });
    request.once("error", reject);
    request.end(body);
  });
}

/** What differs from one request to the next whichever way it goes. */
function comparable({ status, headers, names, body }: Answer): object {
  const { date: _date, ratelimit: _ratelimit, ...rest } = headers;
  return { status, headers: rest, names, body };
}

const post = (path: string, body: string, more: Partial<Sent> = {}): Sent => ({ method: "POST", path, body, ...more });
const product = (id: string): string => routes.product.replace(":id", id);
const oddBodies = ["", " ", '"text"', "7", "{", "null", "[]", "\u{feff}{}", '{"lines":[]}', '{"lines":1}', "{}x"];

const cases: readonly [name: string, status: number, sent: Sent][] = [
  ["a page of products", 200, { path: `${routes.products}?limit=7&sort=price` }],
  ["a query that is wrong", 400, { path: `${routes.products}?limit=0&sort=size` }],
  ["a query with a field twice", 400, { path: `${routes.products}?limit=7&limit=8` }],
  ["a page that there is not", 422, { path: `${routes.products}?after=%20x` }],
  ["a search", 200, { path: `${routes.search}?q=o%61k+` }],
  ["a product", 200, { path: product("7") }],
  ["a product that there is not", 404, { path: product("4000") }],
  ["an id that is none", 404, { path: product("x-1") }],
  ["the categories", 200, { path: routes.categories }],
  ["who asks, with a token", 200, { path: routes.me, signedIn: true }],
  ["who asks, without one", 401, { path: routes.me }],
  ["own orders", 200, { path: routes.orders, signedIn: true }],
  ["an order for nobody", 401, post(routes.orders, "{}")],
  ["a product that there is not in an order", 422, post(routes.orders, lines(4_000), { signedIn: true })],
  ["a wrong password", 401, post(routes.token, JSON.stringify({ email: seededUser.email(2), password: "wrong" }))],
  ["a sign-in without fields", 400, post(routes.token, "{}")],
  ["the document", 200, { path: routes.openapi }],
];

function lines(productId: number): string {
  return JSON.stringify({ lines: [{ productId, quantity: 2 }] });
}

describe("the direct way past the router", () => {
  it.each(cases)("answers %s (%i) as Express does, header by header", async (_name, status, sent) => {
    const [express, direct] = [await ask(sent, "express"), await ask(sent, "direct")];
    expect(comparable(direct)).toEqual(comparable(express));
    expect(direct.status).toBe(status);
  });

  it.each(oddBodies)("refuses the body %j as Express does", async (body) => {
    const sent = post(routes.orders, body, { signedIn: true });
    const [express, direct] = [await ask(sent, "express"), await ask(sent, "direct")];
    expect(comparable(direct)).toEqual(comparable(express));
    expect(direct.status).toBe(400);
  });

  it("places an order whose answer either way gives again", async () => {
    const sent = post(routes.orders, lines(5), { signedIn: true, headers: { "idempotency-key": "either" } });
    const first = await ask(sent, "direct");
    const again = [await ask(sent, "direct"), await ask(sent, "express")] as const;
    expect([first.status, first.headers["idempotency-replayed"]]).toEqual([201, undefined]);
    expect(again.map(({ body, headers }) => [body, headers["idempotency-replayed"]])).toEqual([
      [first.body, "true"],
      [first.body, "true"],
    ]);
    expect(comparable(again[0])).toEqual(comparable(again[1]));
  });

  it("keeps a device's cookie to encrypted connections where the router says that there is one", async () => {
    const body = JSON.stringify({ email: seededUser.email(3), password: seededUser.password });
    const cookieOf = async (headers: Record<string, string>): Promise<string> => {
      const { "set-cookie": [cookie = ""] = [] } = (await ask(post(routes.token, body, { headers }), "direct")).headers;
      return cookie.replace(/=[\w-]{43};/, "=…;");
    };
    const plain = "shop_device=…; Max-Age=15552000; Path=/accounts/; HttpOnly; SameSite=Strict";
    expect(await cookieOf({})).toBe(plain);
    expect(await cookieOf({ "x-forwarded-proto": "https" })).toBe(`${plain}; Secure`);
  });

  it("counts requests by their route, whichever way they go", async () => {
    const series = `shop_http_requests_total{method="GET",route="${routes.product}",status="404"}`;
    const before = (await shop.metric(series)) ?? 0;
    await ask({ path: product("4000") }, "direct");
    await ask({ path: product("4000") }, "express");
    expect(await shop.metric(series)).toBe(before + 2);
  });

  it("tells the log of what it refuses, whichever way it goes", async () => {
    const path = product("4001");
    await ask({ path }, "direct");
    await ask({ path }, "express");
    const told = (): object[] =>
      shop.child
        .output()
        .split("\n")
        .filter((line) => line.includes(path))
        .map((line) => {
          const { level, req, res, msg } = JSON.parse(line) as Record<string, unknown>;
          return { level, req, res, msg };
        });
    await waitUntil("both lines in the log", () => told().length === 2);
    const [direct, express] = told();
    expect(direct).toEqual(express);
    expect(direct).toMatchObject({ req: { id: "same", method: "GET", path }, res: { status: 404 } });
  });
});
