import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { routes } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, seedShop, startShop, type TestShop } from "../../support/shop.ts";

let postgres: TestPostgres;
let shop: TestShop;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 2, 5);
  shop = await startShop(postgres.shopUrl());
});
afterAll(async () => {
  await shop?.stop();
  await postgres?.stop();
});

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends what fetch would not. */
function send(method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(shop.url + path, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

const login = JSON.stringify({ email: "nobody@example.test", password: "x" });
const json = { "content-type": "application/json" };

it.each([
  ["no type", {}, login, 415, "unsupported-media-type"],
  [
    "a form",
    { "content-type": "application/x-www-form-urlencoded" },
    "email=a&password=b",
    415,
    "unsupported-media-type",
  ],
  ["another charset", { "content-type": "application/json; charset=latin1" }, login, 415, "unsupported-media-type"],
  ["an unknown encoding", { ...json, "content-encoding": "squeeze" }, login, 415, "unsupported-media-type"],
  ["half a document", json, login.slice(0, 20), 400, "invalid-input"],
  ["no body", {}, "", 400, "invalid-input"],
  ["more than 16 kB", json, JSON.stringify({ email: "x".repeat(17_000) }), 413, "body-too-large"],
  ["a type that was asked for", { ...json, accept: "application/json" }, login, 401, "wrong-credentials"],
  ["any type that was asked for", { ...json, accept: "text/html, */*;q=0.1" }, login, 401, "wrong-credentials"],
  ["a type that nobody offers", { ...json, accept: "text/html" }, login, 406, "not-acceptable"],
])("a body with %s is answered with a problem of its own", async (_what, headers, body, status, code) => {
  const answer = await send("POST", routes.token, headers, body);
  expect([answer.status, answer.headers["content-type"], (JSON.parse(answer.body) as { code: string }).code]).toEqual([
    status,
    "application/problem+json; charset=utf-8",
    code,
  ]);
});

it("an operation without a body does not read one", async () => {
  expect((await send("GET", routes.products, { ...json, "content-length": "1" }, "{")).status).toBe(200);
});

it("OPTIONS tells what a path allows, HEAD answers like GET without a body, and the rest is refused", async () => {
  const options = await send("OPTIONS", routes.orders);
  expect([options.status, options.headers["allow"], options.body]).toEqual([204, "GET, POST, HEAD, OPTIONS", ""]);
  const head = await send("HEAD", routes.product.replace(":id", "1"));
  const get = await send("GET", routes.product.replace(":id", "1"));
  expect([head.status, head.body, head.headers["content-length"]]).toEqual([200, "", get.headers["content-length"]]);
  for (const method of ["DELETE", "TRACE", "PROPFIND"]) {
    const refused = await send(method, routes.orders);
    expect([refused.status, refused.headers["allow"]]).toEqual([405, "GET, POST, HEAD, OPTIONS"]);
  }
});

it.each([
  ["/nowhere/", 404, "not-found"],
  ["/shop/api/products/%E0%A4/", 400, "invalid-input"],
])("%s is a problem too", async (path, status, code) => {
  const answer = await send("GET", path);
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([status, { code, status }]);
});

/** The answer to a request whose target no HTTP client would send; empty when there is none within two seconds. */
const answerTo = (method: string, target: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(new URL(shop.url).port), "127.0.0.1");
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
    socket.write(`${method} ${target} HTTP/1.1\r\nHost: [\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });

it.each([
  ["GET", "http://["],
  ["HEAD", "http://[::1/shop/api/products/"],
  ["POST", "http://["],
  ["GET", "//a@[#"],
])("%s %s is refused as other mistakes are, and ends no process", async (method, target) => {
  const answer = await answerTo(method, target);
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer.toLowerCase()).toContain("content-type: application/problem+json");
  if (method !== "HEAD") expect(answer).toContain('"code":"invalid-input"');
  expect((await shop.fetch(routes.categories)).status).toBe(200);
  expect(shop.child.output()).not.toContain("nobody caught");
});

it("a whole URL is a target as well", async () => {
  expect(await answerTo("GET", `http://shop.test${routes.categories}`)).toMatch(/^HTTP\/1.1 200 /);
});

it("a request keeps the id that it came with, and gets one where it has none or a bad one", async () => {
  const own = await send("GET", routes.products, { "x-request-id": "abc-123" });
  expect(own.headers["x-request-id"]).toBe("abc-123");
  for (const headers of [undefined, { "x-request-id": "no spaces, please" }]) {
    const given = await send("GET", routes.products, headers);
    expect(given.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  }
});
