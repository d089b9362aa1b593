import { readFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askRouter, liveServers } from "../../../infra/local/router/runtime-api.ts";
import { writeRouterConfig } from "../../../infra/local/router/router-process.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { startLoad } from "./support/counted-load.ts";
import { instanceInputs, makeSmallRelease, serverOf } from "./support/small-service.ts";
import { TestEnvironment } from "./support/test-environment.ts";
import type { Held } from "./support/test-environment.ts";

let it: TestEnvironment;
let release: Held;
let instance: Held;
let router: Held;
let url: string;

beforeAll(async () => {
  it = await TestEnvironment.create();
  release = await makeSmallRelease(it);
  instance = await it.make("ServiceInstance", instanceInputs(it, release, { GENERATION: "0" }));
  router = await it.make("Router", routerInputs(instance));
  url = String(router.state["url"]);
});
afterAll(() => it.destroy());

function routerInputs(...instances: readonly Held[]): Record<string, unknown> {
  const { paths, ports } = it.environment;
  return {
    paths,
    port: ports.router,
    metricsPort: ports.routerMetrics,
    servers: instances.map(serverOf),
    drainTimeoutMs: 5_000,
  };
}

const servers = (): ReturnType<typeof liveServers> =>
  liveServers(componentPlaces(it.environment.paths).router.socket, "shop");
const names = async (): Promise<string[]> => (await servers()).map((server) => server.name);

async function replaceInstance(generation: string): Promise<void> {
  const next = await it.make("ServiceInstance", instanceInputs(it, release, { GENERATION: generation }));
  router = await it.change("Router", router, routerInputs(next));
  await it.remove("ServiceInstance", instance);
  instance = next;
}

test.each(["GET", "POST"] as const)("three rolling replacements under load fail no %s", async (method) => {
  const load = startLoad(url, 8, method);
  for (let turn = 1; turn <= 3; turn++) await replaceInstance(`${method} ${turn}`);
  const { sent, failures, longestMs } = await load.stop();
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThan(300);
  expect(longestMs).toBeLessThan(1_000);
  expect(await names()).toEqual([instance.id]);
});

test("fault 5: twenty reloads under load fail nothing", async ({ annotate }) => {
  const load = startLoad(url, 8);
  const elsewhere = it.environment.ports.instanceFirst + 40;
  for (let turn = 1; turn <= 10; turn++) {
    // Its servers change at run time; a port of its own takes a reload.
    router = await it.change("Router", router, { ...routerInputs(instance), metricsPort: elsewhere });
    router = await it.change("Router", router, routerInputs(instance));
  }
  const { sent, failures, longestMs } = await load.stop();
  await annotate(`${failures.length} of ${sent} requests failed, longest ${Math.round(longestMs)} ms`, "figure");
  expect(failures).toEqual([]);
  expect(await names()).toEqual([instance.id]);
}, 60_000);

test("a canary gets about its share of the requests, and none fails when it comes or goes", async () => {
  const canary = await it.make("ServiceInstance", {
    ...instanceInputs(it, release, { GENERATION: "canary" }),
    slot: 9,
  });
  const load = startLoad(url, 8);
  const canaries = [{ server: serverOf(canary), sharePercent: 25 }];
  router = await it.change("Router", router, { ...routerInputs(instance), canaries });
  const answers = await Promise.all(
    Array.from({ length: 400 }, async () => ((await (await fetch(url)).json()) as { instance: string }).instance),
  );
  router = await it.change("Router", router, routerInputs(instance));
  await it.remove("ServiceInstance", canary);
  expect((await load.stop()).failures).toEqual([]);
  // 100 expected; one run in a million is off by more than 43.
  const count = answers.filter((name) => name === canary.id).length;
  expect([count > 57, count < 143]).toEqual([true, true]);
  expect(await liveServers(componentPlaces(it.environment.paths).router.socket, "canary")).toEqual([]);
});

test("a request that is on its way is finished by the instance that leaves", async () => {
  const slow = fetch(`${url}/slow`);
  const leaving = instance.id;
  await waitUntil("the request at the instance", async () => (await servers())[0]?.sessions === 1);
  await replaceInstance("slow");
  expect(await (await slow).json()).toMatchObject({ instance: leaving });
});

test("a server whose checks fail is not taken in, and the router goes on as before", async () => {
  const broken = {
    name: "web-9-00000000",
    httpPort: it.environment.ports.instanceFirst + 80,
    internalPort: it.environment.ports.instanceFirst + 81,
  };
  const inputs = { ...routerInputs(instance), servers: [broken] };
  await expect(it.change("Router", router, inputs)).rejects.toThrow(
    /health checks of web-9-00000000 did not pass.*still routes as before/s,
  );
  expect(await names()).toEqual([instance.id]);
  expect((await fetch(url)).status).toBe(200);
}, 40_000);

test("the shopper's address and a request id are the router's to say", async () => {
  const answer = await new Promise<{ client: string; id: string }>((resolve, reject) => {
    const headers = { "X-Forwarded-For": "6.6.6.6", "X-Request-Id": "mine" };
    get(url, { localAddress: "127.9.8.7", headers }, (response) => {
      response
        .setEncoding("utf8")
        .once("data", (body: string) => resolve(JSON.parse(body) as { client: string; id: string }));
    }).once("error", reject);
  });
  expect(answer.client).toBe("127.9.8.7");
  expect(answer.id).toMatch(/^[0-9a-f-]{36}$/);
});

test("internal routes are not reachable through it, its own metrics are on their port", async () => {
  for (const path of ["/metrics", "/healthz", "/readyz"]) expect((await fetch(`${url}${path}`)).status).toBe(404);
  const metrics = await fetch(`http://127.0.0.1:${it.environment.ports.routerMetrics}/metrics`);
  expect(await metrics.text()).toContain(`haproxy_server_status{proxy="shop",server="${instance.id}"`);
});

test("a killed router comes back with the servers that it had", async () => {
  const pid = serviceState(it.service("router")).pid ?? 0;
  process.kill(pid, "SIGKILL");
  await waitUntil(
    "the router again",
    async () => serviceState(it.service("router")).pid !== pid && (await fetch(url)).status === 200,
  );
  expect(await names()).toEqual([instance.id]);
});

test("an update that was killed while the old server drained is taken back by the next run to the old topology", async () => {
  const before = router;
  const leaving = instance.id;
  const next = await it.make("ServiceInstance", instanceInputs(it, release, { GENERATION: "never to stay" }));
  const slow = fetch(`${url}/slower`);
  await waitUntil("the request at the instance", async () => (await servers())[0]?.sessions === 1);
  await it.changeUntil(
    "Router",
    router,
    routerInputs(next),
    async () => (await servers()).find((server) => server.name === leaving)?.status === "DRAIN",
  );
  const load = startLoad(url, 8);
  expect(await it.upTo("Router", before, routerInputs(instance))).toBe("updated");
  await it.remove("ServiceInstance", next);
  expect(await (await slow).json()).toMatchObject({ instance: leaving });
  const { sent, failures } = await load.stop();
  expect([sent > 20, failures]).toEqual([true, []]);
  expect(await names()).toEqual([leaving]);
  expect(readFileSync(configFile(), "utf8")).toContain(`server ${leaving} `);
  expect(await it.upTo("Router", router, routerInputs(instance))).toBe("same");
});

test("an update whose end the engine never saved is taken back too, though it was finished", async () => {
  const next = await it.make("ServiceInstance", instanceInputs(it, release, { GENERATION: "not saved" }));
  await it.change("Router", router, routerInputs(next));
  expect(await names()).toEqual([next.id]);
  expect(await it.upTo("Router", router, routerInputs(instance))).toBe("updated");
  await it.remove("ServiceInstance", next);
  expect(await names()).toEqual([instance.id]);
  expect((await fetch(url)).status).toBe(200);
});

const configFile = (): string => join(componentPlaces(it.environment.paths).router.config, "haproxy.cfg");
const description = async (): Promise<string | undefined> =>
  /^description: (\S*)$/im.exec(await askRouter(componentPlaces(it.environment.paths).router.socket, "show info"))?.[1];

test("a change of more than the servers, written and not yet reloaded, is reloaded under load without a failure", async () => {
  const before = readFileSync(configFile(), "utf8");
  const current = await description();
  expect(before).toContain(`description ${current}\n`);
  // An older version's configuration runs; that of this one is in the file, and its reload never came.
  writeFileSync(configFile(), before.replace(/^ {2}description .*$/m, "  description older"));
  process.kill(serviceState(it.service("router")).pid ?? 0, "SIGUSR2");
  await waitUntil("the older configuration", async () => (await description()) === "older");
  writeFileSync(configFile(), before);
  const load = startLoad(url, 8);
  router = await it.change("Router", router, routerInputs(instance));
  const { sent, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(sent).toBeGreaterThan(20);
  expect(await description()).toBe(current);
});

test("a configuration that HAProxy does not take is refused in its own words, and changes nothing", async () => {
  const { paths } = it.environment;
  const { config: configFolder, run } = componentPlaces(paths).router;
  const file = join(configFolder, "haproxy.cfg");
  const before = readFileSync(file, "utf8");
  const config = {
    port: 1,
    metricsPort: 2,
    socket: "/a b/in two words",
    backends: [{ name: "a b", httpPort: 3, internalPort: 4 }],
  };
  await expect(writeRouterConfig({ paths, file, configFolder, run, socket: config.socket, config })).rejects.toThrow(
    /haproxy failed \(exit 1\): [\s\S]*config : \[.*haproxy\.cfg\.draft:\d+\]/,
  );
  expect(readFileSync(file, "utf8")).toBe(before);
});
