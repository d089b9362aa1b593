import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { LocalEnvironment } from "../../../../infra/environment/environment.ts";
import { waitUntil } from "../../../support/wait-until.ts";

/** A connection as the shop's role, to the server's or the pooler's port. */
export function shopClient(port: number, password = "shop-password-for-tests"): pg.Client {
  const client = new pg.Client({ host: "127.0.0.1", port, user: "shop", database: "shop", password });
  client.on("error", () => undefined);
  return client;
}

/** Queries through the pooler on several connections until stopped. */
export function startQueries(
  environment: LocalEnvironment,
  connections: number,
): {
  more(count: number): Promise<unknown>;
  stop(): Promise<{ done: number; failures: string[]; longestMs: number }>;
} {
  const load = { running: true };
  const result = { done: 0, failures: [] as string[], longestMs: 0 };
  const work = Array.from({ length: connections }, async () => {
    const client = shopClient(environment.ports.pgbouncer);
    await client.connect();
    while (load.running) {
      const startedAt = performance.now();
      await client.query("select 1").then(
        () => undefined,
        (error: Error) => result.failures.push(error.message),
      );
      result.done += 1;
      result.longestMs = Math.max(result.longestMs, performance.now() - startedAt);
      await delay(2);
    }
    await client.end();
  });
  return {
    more(count) {
      const target = result.done + count;
      return waitUntil(`${count} more queries`, () => result.done >= target);
    },
    async stop() {
      load.running = false;
      await Promise.all(work);
      return result;
    },
  };
}
