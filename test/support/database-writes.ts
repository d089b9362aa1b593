import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

export interface Written {
  /** Ids whose insert was acknowledged. */
  readonly acknowledged: readonly number[];
  readonly failures: readonly string[];
  readonly longestMs: number;
  /** Longest time between two acknowledged rows, over all connections. */
  readonly longestGapMs: number;
}

/** The pooler of an environment, and the password of the shop's role. */
export interface Pooler {
  readonly port: number;
  readonly password: string;
}

/** Inserts rows of ids of their own into `written` through the pooler until stopped; connections that break are opened again. */
export function startWrites(pooler: Pooler, connections: number, firstId: number): { stop(): Promise<Written> } {
  const load = { running: true };
  const acknowledged: number[] = [];
  const failures: string[] = [];
  let longestMs = 0;
  let longestGapMs = 0;
  let lastAt = performance.now();
  let id = firstId;
  const work = Array.from({ length: connections }, async () => {
    let client = await connect(pooler);
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
        // One that is broken may never say that it has ended.
        void client.end().catch(() => undefined);
        client = await connect(pooler);
      }
      longestMs = Math.max(longestMs, performance.now() - startedAt);
      await delay(2);
    }
    void client.end().catch(() => undefined);
  });
  return {
    async stop() {
      load.running = false;
      await Promise.all(work);
      return { acknowledged, failures, longestMs, longestGapMs };
    },
  };
}

/** Tries until it is connected, at most as long as a test may take. */
async function connect({ port, password }: Pooler): Promise<pg.Client> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client({
      host: "127.0.0.1",
      port,
      user: "shop",
      database: "shop",
      password,
      connectionTimeoutMillis: 1_000,
      query_timeout: 5_000,
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      if (attempt === 300) throw error;
      await delay(50);
    }
  }
}
