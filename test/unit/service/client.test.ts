import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { listProducts, readProduct } from "../../../service/contract/catalogue.ts";
import { callShop, requestOf } from "../../../service/contract/client.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(answer: RequestListener): Promise<string> {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

it("a request has its parameters in path and query, and leaves out what is not given", () => {
  expect(requestOf(readProduct, { params: { id: "a/b" } }, "t0ken")).toEqual({
    method: "GET",
    path: "/shop/api/products/a%2Fb/",
    headers: { accept: "application/json", authorization: "Bearer t0ken" },
  });
  expect(requestOf(listProducts, { query: { limit: 5, category: undefined } }).path).toBe(
    "/shop/api/products/?limit=5",
  );
});

it("an answer that is no JSON says what it was an answer to", async () => {
  const url = await serve((_request, response) => void response.writeHead(502).end("<h1>Bad gateway</h1>"));
  await expect(callShop(url, listProducts, {})).rejects.toThrow(
    "listProducts was answered with 502 and no JSON: <h1>Bad gateway</h1>",
  );
});

it("a shop that does not answer is given up when its caller says so", async () => {
  const url = await serve(() => undefined);
  await expect(callShop(url, listProducts, {}, undefined, AbortSignal.timeout(50))).rejects.toThrow(/timeout/i);
});
