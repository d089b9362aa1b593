import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it as test } from "vitest";
import { scrape } from "../../../cli/adapters/metrics/scrape.ts";
import { routerTraffic } from "../../../cli/advice/router-traffic.ts";
import type { Snapshot } from "../../../cli/advice/snapshot.ts";
import { maxBodyBytes, problemSchema } from "../../../service/contract/problems.ts";
import { instanceInputs, makeSmallRelease, serverOf } from "./support/small-service.ts";
import { TestEnvironment, type Held } from "./support/test-environment.ts";

// What clients do wrong at the router: it answers that, and no gate takes it for a failure of the shop.
let it: TestEnvironment;
let instance: Held;
let url: string;

beforeAll(async () => {
  it = await TestEnvironment.create();
  instance = await it.make("ServiceInstance", instanceInputs(it, await makeSmallRelease(it)));
  const { paths, ports } = it.environment;
  const router = await it.make("Router", {
    paths,
    port: ports.router,
    metricsPort: ports.routerMetrics,
    servers: [serverOf(instance)],
    drainTimeoutMs: 5_000,
  });
  url = String(router.state["url"]);
});
afterAll(() => it.destroy());

const look = (): Promise<Snapshot> =>
  scrape(
    [{ job: "router", instance: "router", url: `http://127.0.0.1:${it.environment.ports.routerMetrics}/metrics` }],
    { timeoutMs: 5_000 },
  );

/** Sends, then `drip` every second, until the router ends the connection; what it answered, "" after `ms` without an end. */
function send(text: string, ms: number, drip = ""): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(it.environment.ports.router, "127.0.0.1", () => socket.write(text));
    const dripping = setInterval(() => drip !== "" && socket.write(drip), 1_000);
    const giveUp = setTimeout(() => ((answer = ""), socket.destroy()), ms);
    socket.on("data", (data) => (answer += data.toString("latin1")));
    socket.on("error", () => undefined);
    socket.once("close", () => {
      clearInterval(dripping);
      clearTimeout(giveUp);
      resolve(answer);
    });
  });
}

const statusOf = (answer: string): string => answer.slice(9, 12);
const post = (length: number): string =>
  `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

test("no client makes a failure of the shop, nor keeps a connection with a body that does not come", async () => {
  const before = await look();
  const answers = await Promise.all([
    send(`${post(2)}{}`, 5_000),
    send("CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\nConnection: close\r\n\r\n", 5_000),
    send(post(maxBodyBytes + 1) + " ".repeat(maxBodyBytes + 1), 5_000),
    send(`${post(60)}{"email":`, 40_000),
    send(post(4_000), 40_000, " "),
  ]);
  expect(answers.map(statusOf)).toEqual(["200", "405", "413", "408", "408"]);
  await sleep(100);
  expect(routerTraffic(before, await look())?.serverErrors).toBe(0);
}, 60_000);

test("a body of the largest size arrives", async () => {
  const body = " ".repeat(maxBodyBytes);
  expect((await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(5_000) })).status).toBe(200);
});

test("what the router answers itself is a problem as the shop's are", async () => {
  const said = await Promise.all([
    fetch(`${url}/metrics`),
    fetch(url, { method: "POST", body: " ".repeat(maxBodyBytes + 1) }),
  ]);
  await it.remove("ServiceInstance", instance);
  for (const answer of [...said, await fetch(url)]) {
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(problemSchema.parse(await answer.json()).status).toBe(answer.status);
  }
});
