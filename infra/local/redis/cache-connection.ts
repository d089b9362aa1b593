import { Redis } from "ioredis";

export interface CacheTarget {
  readonly port: number;
  readonly password: string;
}

/** Runs `work` on one connection that does not retry or wait; throws when the cache does not answer within 2 s. */
export async function onCache<T>(target: CacheTarget, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({
    host: "127.0.0.1",
    port: target.port,
    password: target.password,
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.disconnect();
  }
}
