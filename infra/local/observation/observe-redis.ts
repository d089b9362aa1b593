import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Redis } from "ioredis";
import type { LocalEnvironment } from "../../environment/environment.ts";
import type { Observation } from "../../observation.ts";
import { componentPlaces } from "../layout.ts";
import { onRedis } from "../redis/redis-connection.ts";

/** Throws when there is no cache or it does not answer. */
export async function observeCache({ paths, ports }: LocalEnvironment): Promise<Observation["cache"]> {
  const password = await passwordIn(componentPlaces(paths).redis.config);
  return onRedis({ port: ports.redis, password }, async (client) => {
    const field = await infoOf(client);
    return {
      clients: Number(field("connected_clients")) - 1,
      keys: await client.dbsize(),
      usedBytes: Number(field("used_memory")),
      maxBytes: Number(field("maxmemory")),
    };
  });
}

/** Throws when mail has no queue or its Redis does not answer. */
export async function observeQueue({ paths, ports }: LocalEnvironment): Promise<Observation["queue"]> {
  const password = await passwordIn(componentPlaces(paths).queueRedis.config);
  return onRedis({ port: ports.queueRedis, password }, async (client) => {
    const field = await infoOf(client);
    return {
      evictionPolicy: field("maxmemory_policy"),
      appendOnly: field("aof_enabled") === "1",
      usedBytes: Number(field("used_memory")),
      maxBytes: Number(field("maxmemory")),
    };
  });
}

async function passwordIn(configFolder: string): Promise<string> {
  const config = await readFile(join(configFolder, "redis.conf"), "utf8");
  return /^requirepass (.+)$/m.exec(config)?.[1] ?? "";
}

async function infoOf(client: Redis): Promise<(field: string) => string> {
  const info = await client.info();
  return (field) => new RegExp(`^${field}:(\\S+)`, "m").exec(info)?.[1] ?? "";
}
