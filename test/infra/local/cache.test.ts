import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { onRedis } from "../../../infra/local/redis/redis-connection.ts";
import { control, serviceState } from "../../../infra/local/supervision/service-control.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { TestEnvironment } from "./support/test-environment.ts";
import type { Held } from "./support/test-environment.ts";

let it: TestEnvironment;
let redis: Held;

beforeAll(async () => {
  it = await TestEnvironment.create();
  redis = await it.make("Redis", inputs());
});
afterAll(() => it.destroy());

function inputs(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    paths: it.environment.paths,
    port: it.environment.ports.redis,
    maxMemoryMiB: 32,
    password: "cache-password-for-tests",
    ...changes,
  };
}
const ask = (command: string, password = "cache-password-for-tests"): Promise<unknown> =>
  onRedis({ port: it.environment.ports.redis, password }, (client) =>
    client.call(command.split(" ")[0] ?? "", ...command.split(" ").slice(1)),
  );

test("the cache takes its password only, and throws away the least used when it is full", async () => {
  expect(await ask("PING")).toBe("PONG");
  await expect(ask("PING", "wrong")).rejects.toThrow();
  expect(await ask("CONFIG GET maxmemory")).toEqual(["maxmemory", String(32 * 1_048_576)]);
  expect(await ask("CONFIG GET maxmemory-policy")).toEqual(["maxmemory-policy", "allkeys-lru"]);
  expect(statSync(join(componentPlaces(it.environment.paths).redis.config, "redis.conf")).mode & 0o777).toBe(0o600);
});

test("size and password change in place and keep what it holds", async () => {
  await ask("SET greeting hello");
  const { pid } = serviceState(it.service("redis"));
  redis = await it.change("Redis", redis, inputs({ maxMemoryMiB: 64, password: "another-password-for-tests" }));
  expect(serviceState(it.service("redis")).pid).toBe(pid);
  expect(await ask("GET greeting", "another-password-for-tests")).toBe("hello");
  expect(await ask("CONFIG GET maxmemory", "another-password-for-tests")).toEqual([
    "maxmemory",
    String(64 * 1_048_576),
  ]);
  await expect(ask("PING")).rejects.toThrow();
});

test("a change whose end the engine never saved is taken back, though its password is in force", async () => {
  const held = redis;
  await it.change("Redis", held, inputs({ password: "a-password-never-saved" }));
  const before = inputs({ maxMemoryMiB: 64, password: "another-password-for-tests" });
  expect(await it.upTo("Redis", held, before)).toBe("updated");
  expect(await ask("GET greeting", "another-password-for-tests")).toBe("hello");
  expect(await it.upTo("Redis", held, before)).toBe("same");
});

test("what it holds survives that it is started again", async () => {
  const before = serviceState(it.service("redis")).pid;
  await control(it.service("redis"), "t");
  await waitUntil("another process", () => ![undefined, before].includes(serviceState(it.service("redis")).pid));
  const held = await waitUntil("its answer", () => ask("GET greeting", "another-password-for-tests"));
  expect(held).toBe("hello");
});

test("a cache that was taken away and is made again begins empty: prices of then are nobody's; a queue keeps its jobs", async () => {
  const queue = { ...inputs(), port: it.environment.ports.queueRedis };
  let queueRedis = await it.make("QueueRedis", queue);
  const askQueue = (...words: readonly [string, ...string[]]): Promise<unknown> =>
    onRedis({ port: queue.port, password: "cache-password-for-tests" }, (client) => client.call(...words));
  await askQueue("SET", "job", "to do");
  await it.remove("Redis", redis);
  await it.remove("QueueRedis", queueRedis);
  redis = await it.make("Redis", inputs());
  queueRedis = await it.make("QueueRedis", queue);
  expect([await ask("GET greeting"), await askQueue("GET", "job")]).toEqual([null, "to do"]);
});
