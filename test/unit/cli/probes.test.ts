import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startProbes } from "../../../cli/adapters/probes.ts";
import type { ProbeSummary } from "../../../cli/rollout/gate.ts";
import { waitUntil } from "../../support/wait-until.ts";

describe("probes", () => {
  let asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(asked.length === 1 ? 503 : 200).end();
  });
  let url = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(() => {
    server.close();
  });

  async function probe(count: number): Promise<ProbeSummary> {
    const before = asked.length;
    const probes = startProbes(url, 200);
    await waitUntil("the probes", () => asked.length >= before + count);
    return await probes.stop();
  }

  it("count what they sent and what failed, and stop", async () => {
    const { sent, failed, failures, p95Ms } = await probe(20);
    expect([sent, failed, failures]).toEqual([asked.length, 1, ["GET /shop/api/products/: status 503"]]);
    expect(p95Ms).toBeGreaterThanOrEqual(0);
  });

  it("search for what no probe before them searched for: a CDN holds those answers still", async () => {
    // 26³ searches and 30 of each run: they meet by chance once in three hundred times, and then not all.
    await probe(60);
    const first = new Set(asked);
    asked = [];
    await probe(60);
    const searches = asked.filter((path) => path.includes("?q="));
    expect(new Set(searches).size).toBe(searches.length);
    expect(searches.length).toBeGreaterThanOrEqual(29);
    expect(searches.filter((path) => !first.has(path)).length).toBeGreaterThan(0);
  });
});
