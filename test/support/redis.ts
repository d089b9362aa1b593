import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { startChild, type Child } from "./child.ts";
import { freePort } from "./free-port.ts";
import { waitUntil } from "./wait-until.ts";

/** A Redis of its own for one test file, with a password and nothing on disk. */
export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Number of keys. */
  size(): Promise<number>;
  /** Stops it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, empty; does nothing while it runs. */
  start(): Promise<void>;
  /** Lets it hang (SIGSTOP) and go on: connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** `more` are settings on its command line, e.g. `["--maxmemory-policy", "noeviction"]`. */
export async function startRedis(more: readonly string[] = []): Promise<TestRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "shop-redis-"));
  const url = `redis://:test-password@127.0.0.1:${port}/0`;
  const start = async (): Promise<Child> => {
    const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", folder];
    const child = startChild("redis-server", [...settings, ...more, "--requirepass", "test-password"]);
    await waitUntil("Redis", () => ask(url, (redis) => redis.ping()));
    return child;
  };
  let server: Child | undefined = await start();
  return {
    port,
    url,
    size: () => ask(url, (redis) => redis.dbsize()),
    kill: async () => {
      await server?.stop("SIGKILL");
      server = undefined;
    },
    start: async () => {
      // A second one would end at once, and the first would be nobody's.
      server ??= await start();
    },
    freeze: () => void server?.process.kill("SIGSTOP"),
    thaw: () => void server?.process.kill("SIGCONT"),
    stop: async () => {
      server?.process.kill("SIGCONT");
      await server?.stop("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
