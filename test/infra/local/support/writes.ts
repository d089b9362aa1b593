import { setTimeout as delay } from "node:timers/promises";
import type { Environment } from "../../../../infra/environment/environment.ts";
import { shopClient } from "./queries.ts";

export interface Written {
  /** Ids whose insert was acknowledged. */
  readonly acknowledged: readonly number[];
  readonly failures: readonly string[];
  readonly longestMs: number;
  /** Longest time between two acknowledged rows, over all connections. */
  readonly longestGapMs: number;
}

/** Inserts rows of ids of their own into `written` through the pooler until stopped; connections that break are opened again. */
export function startWrites(
  environment: Environment,
  connections: number,
  firstId: number,
): { stop(): Promise<Written> } {
  const load = { running: true };
  const acknowledged: number[] = [];
  const failures: string[] = [];
  let longestMs = 0;
  let longestGapMs = 0;
  let lastAt = performance.now();
  let id = firstId;
  const work = Array.from({ length: connections }, async () => {
    let client = shopClient(environment.ports.pgbouncer);
    await client.connect();
    while (load.running) {
      const own = id++;
      const startedAt = performance.now();
      try {
        await client.query("insert into written (id) values ($1)", [own]);
        const now = performance.now();
        longestGapMs = Math.max(longestGapMs, now - lastAt);
        lastAt = now;
        acknowledged.push(own);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
        await client.end().catch(() => undefined);
        client = shopClient(environment.ports.pgbouncer);
        await client.connect().catch(() => undefined);
        await delay(20);
      }
      longestMs = Math.max(longestMs, performance.now() - startedAt);
      await delay(2);
    }
    await client.end().catch(() => undefined);
  });
  return {
    async stop() {
      load.running = false;
      await Promise.all(work);
      return { acknowledged, failures, longestMs, longestGapMs };
    },
  };
}
