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
])("%s %s is refused as any other mistake, and ends no process", async (method, target) => {
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
