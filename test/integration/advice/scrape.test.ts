import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { scrape } from "../../../cli/adapters/metrics/scrape.ts";
import { MetricsHistory } from "../../../cli/adapters/metrics/history.ts";
import { prometheusSource, PrometheusError } from "../../../cli/adapters/metrics/prometheus.ts";
import { serveBlocks } from "../../../cli/adapters/metrics/serve-blocks.ts";
import { takeMeasurements } from "../../../cli/adapters/metrics/take-measurements.ts";
import { lackOf } from "../../../cli/advice/truth.ts";
import type { SignalName } from "../../../cli/phases/step.ts";
import type { LocalEnvironment } from "../../../infra/environment/environment.ts";
import type { ScrapeEndpoint, Target } from "../../../infra/target.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { startChild } from "../../support/child.ts";
import { waitUntil } from "../../support/wait-until.ts";

let server: Server;
let answer: RequestListener;
let endpoint: ScrapeEndpoint;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = { job: "shop", instance: "w1", url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics` };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function scraped(timeoutMs = 10_000): Promise<unknown> {
  const { endpoints } = await scrape([endpoint], { timeoutMs });
  return endpoints[0];
}

describe("a scrape", () => {
  test("has the samples of an endpoint that answers", async () => {
    answer = (_request, response) => response.end("# TYPE shop_users gauge\nshop_users 5\n");
    const samples = [{ name: "shop_users", labels: {}, value: 5 }];
    expect(await scraped()).toEqual({ job: "shop", instance: "w1", samples, families: ["shop_users"] });
  });

  test.each<[string, RequestListener, string]>([
    ["another status", (_, response) => response.writeHead(503).end(), "answered 503"],
    ["a redirect", (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1" }).end(), "redirect"],
    ["something else", (_, response) => response.end("<html></html>\n"), "line 1: no metric name"],
    ["half a line", (_, response) => response.end("a 1\nb"), "line 2: the text ends inside a line"],
    ["far too much", (_, response) => response.end("a 1\n".repeat(3_000_000)), "longer than 8388608 bytes"],
    ["a broken connection", (_, response) => void response.socket?.destroy(), "fetch failed"],
  ])("of %s is missing, with the reason", async (_what, listener, reason) => {
    answer = listener;
    expect(await scraped()).toMatchObject({ instance: "w1", missing: expect.stringContaining(reason) });
  });

  test.each<[string, RequestListener]>([
    ["no answer", () => undefined],
    ["an answer that does not end", (_, response) => void response.write("a 1\n")],
  ])("of %s is missing when its time is up", async (_what, listener) => {
    answer = listener;
    expect(await scraped(300)).toMatchObject({ missing: expect.stringContaining("no answer within 300 ms") });
  });

  test("of a dead endpoint does not cost the others theirs", async () => {
    answer = (_request, response) => response.end("a 1\n");
    const url = endpoint.url.replace("127.0.0.1", "127.0.0.2");
    const dead: ScrapeEndpoint = { job: "router", instance: "router", url };
    const { endpoints } = await scrape([dead, endpoint], { timeoutMs: 10_000 });
    expect(endpoints[0]).toMatchObject({ instance: "router", missing: expect.stringContaining("ECONNREFUSED") });
    expect(endpoints[1]).toMatchObject({ instance: "w1", samples: [{ value: 1 }] });
  });
});

describe("a kept history", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "shopctl-kept-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const at = (minute: number) => Date.parse("2026-03-01T00:00:00.000Z") + minute * 60_000;
  const scrapes = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({
      at: new Date(at(from + index)).toISOString(),
      endpoints: [
        { job: "shop" as const, instance: "w1", samples: [{ name: "a_total", labels: {}, value: from + index }] },
      ],
    }));

  test("answers PromQL over sealed blocks and the tail together", async () => {
    const history = new MetricsHistory(root);
    await history.append(scrapes(0, 300), new Date(at(300)));
    await history.seal(new Date(at(300)));
    await history.append(scrapes(300, 400), new Date(at(400)));
    expect((await history.blocks()).length).toBeGreaterThan(0);
    expect(await history.tail()).toHaveLength(100);
    const served = await serveBlocks(await history.blocks(), await history.tail());
    const source = prometheusSource({ name: "x", url: served.url });
    const [counted] = await source.instant('count_over_time(a_total{job="shop"}[10h])', at(399) / 1_000);
    expect(counted?.value).toBe(400);
    await served.stop();
    await expect(source.instant("up", 0)).rejects.toThrow(PrometheusError);
  });

  test("is sealed with its mail worker, and without what cannot be read, which stays as it is", async () => {
    const history = new MetricsHistory(root);
    const folder = join(root, "metrics");
    const worker = (value: number) => ({
      job: "mail-worker" as const,
      instance: "mail-worker",
      samples: [{ name: "mails_total", labels: {}, value }],
    });
    const kept = scrapes(0, 60).map(({ at: time, endpoints }, n) => ({
      at: time,
      endpoints: [...endpoints, worker(n)],
    }));
    await history.append(kept, new Date(at(60)));
    const [unreadable, later] = ['{"version":9}', { job: "later", instance: "x", samples: [] }];
    const mixed = { version: 2, at: new Date(at(60)).toISOString(), endpoints: [worker(60), later] };
    await appendFile(join(folder, "history.jsonl"), `${unreadable}\n${JSON.stringify(mixed)}\n`);
    await history.seal(new Date(at(61)));
    const lines = async () => {
      const names = (await readdir(folder)).filter((name) => name.endsWith(".jsonl"));
      return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("");
    };
    const left = `${unreadable}\n${JSON.stringify({ ...mixed, endpoints: [later] })}\n`;
    expect([await lines(), await history.tail()]).toEqual([left, []]);
    const blocks = await history.blocks();
    // Nothing of it is sealed a second time.
    await history.append([], new Date(at(62)));
    await history.seal(new Date(at(62)));
    expect([await lines(), await history.blocks()]).toEqual([left, blocks]);

    const served = await serveBlocks(blocks, await history.tail());
    const counted = await prometheusSource({ name: "x", url: served.url }).instant(
      "count_over_time({__name__=~'a_total|mails_total'}[10h])",
      at(60) / 1_000,
    );
    await served.stop();
    const byJob = Object.fromEntries(counted.map(({ labels, value }) => [labels["job"], value]));
    expect(byJob).toEqual({ shop: 60, "mail-worker": 61 });
  });

  test("is sealed by several at once, and each ends well", async () => {
    const history = new MetricsHistory(root);
    await history.append(scrapes(0, 60), new Date(at(60)));
    await Promise.all([1, 2, 3].map(() => new MetricsHistory(root).seal(new Date(at(60)))));
    const served = await serveBlocks(await history.blocks(), await history.tail());
    const source = prometheusSource({ name: "x", url: served.url });
    const [counted] = await source.instant("count_over_time(a_total[10h])", at(60) / 1_000);
    await served.stop();
    expect(counted?.value).toBe(60);
  });

  test("drops blocks that are older than two months", async () => {
    const history = new MetricsHistory(root);
    await history.append(scrapes(0, 3), new Date(at(3)));
    await history.seal(new Date(at(3) + 61 * 86_400_000));
    expect(await history.blocks()).toEqual([]);
  });

  test("leaves no server behind when shopctl is killed", async () => {
    const module = new URL("../../../cli/adapters/metrics/serve-blocks.ts", import.meta.url).href;
    const program = `const { serveBlocks } = await import(${JSON.stringify(module)}); console.log((await serveBlocks([], [])).url); setInterval(() => {}, 1000)`;
    const child = startChild(process.execPath, ["--input-type=module", "--eval", program]);
    const url = await waitUntil("the server's address", () => /http\S+/.exec(child.output())?.[0]);
    await child.stop("SIGKILL");
    await waitUntil("the server to be gone", async () => (await fetch(url).catch(() => "gone")) === "gone");
  });
});

describe("measurements", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "shopctl-measure-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const measureOnce = async (windowSeconds?: number, endpoints: readonly ScrapeEndpoint[] = [endpoint]) => {
    const waited: number[] = [];
    const target: Pick<Target, "observe" | "scrapeEndpoints" | "prometheus"> = {
      prometheus: () => Promise.resolve(undefined),
      scrapeEndpoints: () => Promise.resolve(endpoints),
      observe: () => Promise.resolve({ at: "", processes: [], router: { url: "", up: true, servers: [] } }),
    };
    const paths = { root, services: "", data: "", run: "", logs: "", config: "", releases: "", backups: "" };
    const { measurements, source } = await takeMeasurements({
      environment: { name: "test", createdAt: "2026-01-01T00:00:00.000Z", paths } as LocalEnvironment,
      target,
      topology: baseline,
      prometheus: undefined,
      selector: 'job="shop"',
      windowSeconds,
      since: undefined,
      wait: async (ms) => {
        waited.push(ms);
        // The clock of a scrape is the real one: two of them must not fall into one millisecond.
        await new Promise((resolve) => setTimeout(resolve, 60));
      },
      say: () => undefined,
    });
    const value = (name: SignalName) => measurements.of.get(name)?.points.at(-1)?.value;
    return { waited, source, value, of: measurements.of };
  };

  test("take two scrapes a window apart, and are kept so that the next need only one", async () => {
    let cpuSeconds = 0;
    answer = (_request, response) =>
      response.end(
        `process_cpu_seconds_total ${(cpuSeconds += 0.01)}\nshop_users 7\nshop_build_info{instance="x"} 1\n`,
      );
    const first = await measureOnce(0.05);
    expect(first.source).toBe("direct scrapes of the shop");
    expect(first.waited).toEqual([50]);
    expect(first.value("users")).toBe(7);
    expect(first.value("cpu-of-tier")).toBeGreaterThan(0);
    const second = await measureOnce(0.05);
    expect(second.waited).toEqual([]);
    expect(second.value("cpu-of-tier")).toBeGreaterThan(0);
    expect((await measureOnce(600)).waited).toEqual([600_000]);
  });

  test("beside a mail worker are those of the shop, and count the mails that the worker sent", async () => {
    let sent = 0;
    answer = ({ url }, response) => {
      if (url === "/metrics") return response.end("shop_users 7\nshop_mail_messages_total 0\n");
      sent += 15;
      const mails = (outcome: string, count: number) => `shop_mail_messages_total{outcome="${outcome}"} ${count}\n`;
      return response.end(mails("accepted", sent) + mails("failed", sent / 3));
    };
    const worker: ScrapeEndpoint = { job: "mail-worker", instance: "mail-worker", url: `${endpoint.url}/worker` };
    const { value } = await measureOnce(0.05, [endpoint, worker]);
    expect([value("users"), value("mail-failure-ratio")]).toEqual([7, 0.25]);
  });

  test("of seconds are a value that decides nothing, unless these seconds were asked for", async () => {
    answer = (_request, response) => response.end("process_cpu_seconds_total 5\nshop_users 7\n");
    const { of, waited } = await measureOnce();
    expect(waited).toEqual([10_000]);
    expect(of.get("cpu-of-tier")).toMatchObject({ points: [{ value: 0 }], lack: null });
    expect(lackOf(of.get("cpu-of-tier"))).toMatch(/^process_cpu_seconds_total: \d s of history, it takes 10 min$/);
    expect(lackOf((await measureOnce(0.05)).of.get("cpu-of-tier"))).toBeNull();
    expect(lackOf(of.get("users"))).toBeNull();
  });

  test("are missing, not zero, of a shop that does not answer", async () => {
    answer = (_request, response) => response.writeHead(503).end();
    const { of } = await measureOnce(0.05);
    for (const measurement of of.values()) {
      expect(measurement.points).toEqual([]);
      expect(lackOf(measurement)).not.toBeNull();
    }
  });

  test("of an address that is no Prometheus are a failure, and nothing else takes its place", async () => {
    answer = (_request, response) => response.end("hello");
    const source = prometheusSource({ name: "x", url: new URL(endpoint.url).origin });
    await expect(source.instant("up", 0)).rejects.toThrow(PrometheusError);
  });

  test("take a token along, and never name it", async () => {
    let authorization: string | undefined;
    answer = (request, response) => {
      authorization = request.headers.authorization;
      response.writeHead(401).end();
    };
    const source = prometheusSource({ name: "x", url: new URL(endpoint.url).origin, token: "s3cret" });
    const failure: unknown = await source.instant("up", 0).catch((error: unknown) => error);
    expect(authorization).toBe("Bearer s3cret");
    expect(failure).toMatchObject({ code: "unauthorised" });
    expect(String(failure)).not.toContain("s3cret");
  });
});
