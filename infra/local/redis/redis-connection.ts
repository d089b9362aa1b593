import { Redis } from "ioredis";

export interface RedisTarget {
  readonly port: number;
  readonly password: string;
}

/** Runs `work` on one connection that does not retry or wait; throws when Redis does not answer within 2 s. */
export async function onRedis<T>(target: RedisTarget, work: (client: Redis) => Promise<T>): Promise<T> {
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
