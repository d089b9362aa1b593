import { createServer, type Server } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Recommendation } from "../../../cli/advice/recommend.ts";
import type { LocalEnvironment } from "../../../infra/environment/environment.ts";
import { loadLocalEnvironment } from "../../../infra/environment/require-target.ts";
import { localTarget } from "../../../infra/local/local-target.ts";
import { startChild, type Child } from "../../support/child.ts";
import { freePort } from "../../support/free-port.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { ShopctlHome } from "./shopctl.ts";

const users = 150;
const token = "a-token-that-nobody-may-see";

/** Advice by the commands that a user types: from scrapes that `scale watch` kept, and from a Prometheus behind a token. */
describe("advice on a real shop", { timeout: 180_000 }, () => {
  const home = new ShopctlHome();
  let environment: LocalEnvironment;

  beforeAll(async () => {
    const created = await home.run("env", "create", "asked", "--users", String(users), "--products", "50");
    expect([created.exit, created.stderr]).toEqual([0, expect.stringContaining("ServiceInstance")]);
    environment = await loadLocalEnvironment(home.folder, "asked");
  }, 120_000);

  afterAll(() => home.end("asked"), 60_000);

  it("reads what `scale watch` kept of it", async () => {
    const watch = home.start("scale", "watch", "--interval", "1");
    const history = join(environment.paths.root, "metrics", "history.jsonl");
    await waitUntil("25 scrapes", () => scrapesIn(history) >= 25, 60_000);
    await watch.stop("SIGINT");
    const kept = scrapesIn(history);
    expect(watch.output()).toContain(`${kept} scrapes kept of asked`);

    const { exit, json, stderr } = await home.run("scale", "recommend");
    const advice = json as unknown as Recommendation;
    expect([exit, advice.source, advice.users]).toEqual([0, "direct scrapes of the shop", users]);
    // What was kept is enough for a rate: it need not scrape, wait and scrape again.
    expect(stderr).not.toContain("Scraped the shop; again");
    const pool = evidenceOf(advice, "connection-pooler", "pool-utilisation");
    expect(pool?.value).toBeGreaterThanOrEqual(0);
    // Alone it would know of ten seconds; it looks back in steps of that.
    expect(pool?.historySeconds).toBeGreaterThanOrEqual(20);
    // Some seconds are no load to judge by.
    expect(advice.steps.find(({ id }) => id === "connection-pooler")?.verdict).toBe("insufficient-evidence");
    expect(advice.headroomMissing).toContain("shopctl load capacity --env asked");
  });

  it("asks a named Prometheus with the token of the environment, and says when that is refused", async () => {
    const prometheus = await startPrometheus(environment, home.folder);
    const guard = await guarded(prometheus.url);
    try {
      const ask = (env: NodeJS.ProcessEnv) =>
        home.runWith(env, "scale", "recommend", "--prometheus", guard.url, "--window", "5");
      const given = await ask({ SHOPCTL_PROMETHEUS_TOKEN: token });
      const advice = given.json as unknown as Recommendation;
      const source = `the Prometheus at ${new URL(guard.url).host}`;
      expect([given.exit, advice.source, advice.users]).toEqual([0, source, users]);
      expect(evidenceOf(advice, "tier-standard", "cpu-of-tier")?.value).toBeGreaterThan(0);
      expect(guard.refused()).toBe(0);

      for (const env of [{}, { SHOPCTL_PROMETHEUS_TOKEN: "another" }]) {
        const refused = await ask(env);
        expect(refused.exit).not.toBe(0);
        expect(`${refused.stdout}${refused.stderr}`).toContain("401");
      }
      expect(guard.refused()).toBeGreaterThan(0);
      expect(`${given.stdout}${given.stderr}`).not.toContain(token);
    } finally {
      await guard.stop();
      await prometheus.child.stop();
    }
  });
});

function scrapesIn(file: string): number {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "").length;
  } catch {
    return 0;
  }
}

function evidenceOf(
  advice: Recommendation,
  step: string,
  signal: string,
): Recommendation["steps"][number]["evidence"][number] | undefined {
  return advice.steps.find(({ id }) => id === step)?.evidence.find((one) => one.signal === signal);
}

/** A real Prometheus that scrapes the shop's instances every second, once it has done so for some seconds. */
async function startPrometheus(environment: LocalEnvironment, folder: string): Promise<{ child: Child; url: string }> {
  const endpoints = await localTarget(environment).scrapeEndpoints();
  const targets = endpoints.filter(({ job }) => job === "shop").map(({ url }) => new URL(url).host);
  const config = join(folder, "prometheus.json");
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: "1s" },
      scrape_configs: [{ job_name: "shop", static_configs: [{ targets }] }],
    }),
  );
  const port = await freePort();
  const child = startChild("prometheus", [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, "prometheus")}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const url = `http://127.0.0.1:${port}`;
  const scrapes = async (): Promise<number> => {
    const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent("count_over_time(shop_users[1m])")}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1] ?? 0);
  };
  await waitUntil("eight scrapes of the shop", async () => (await scrapes()) >= 8, 30_000);
  return { child, url };
}

/** A proxy that lets nobody through without the token. */
async function guarded(upstream: string): Promise<{ url: string; refused: () => number; stop: () => Promise<void> }> {
  let refused = 0;
  const server: Server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      refused += 1;
      response.writeHead(401).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = { "content-type": request.headers["content-type"] ?? "text/plain" };
      const asked = fetch(`${upstream}${request.url ?? ""}`, { method: "POST", headers, body: Buffer.concat(chunks) });
      asked.then(
        async (answer) => response.writeHead(answer.status).end(await answer.text()),
        () => response.writeHead(502).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
