import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { osUser } from "../../host/os-users.ts";
import { program } from "../../host/programs.ts";
import { ensureFolder, writeFileAtomic } from "../../host/write-file.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import { evictionPolicies, redisConfig, type RedisUse } from "../../redis/redis-config.ts";
import { onRedis } from "../../redis/redis-connection.ts";
import type { RedisTarget } from "../../redis/redis-connection.ts";
import { control } from "../../supervision/service-control.ts";
import { ensureService } from "../../supervision/service-folder.ts";
import { waitForHealth } from "../../supervision/wait-for-health.ts";
import { compareFile } from "../../observation/compare-file.ts";
import { compareService } from "../../observation/compare-service.ts";
import { compare, type Difference } from "../../observation/difference.ts";
import type { ServiceDefinition } from "../../supervision/service-definition.ts";
import type { ResourceHandler } from "../resource-handler.ts";
import { supervisedProcess } from "../supervised-process.ts";

const inputs = z.strictObject({
  paths: pathPlanSchema,
  port: z.int(),
  maxMemoryMiB: z.int().min(1),
  password: z.string().min(16),
});
type Inputs = z.infer<typeof inputs>;
export const redisOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 10_000;
const stopTimeoutMs = 10_000;

type Handler = ResourceHandler<Inputs, z.infer<typeof redisOutputs>>;

/** The cache that all instances share. */
export const redis: Handler = redisFor("cache");
/** Where the mail workers' queue is; beside the cache, because a queue must not forget. */
export const queueRedis: Handler = redisFor("queue");

const places = {
  cache: { key: "redis", component: "redis" },
  queue: { key: "queueRedis", component: "queue-redis" },
} as const satisfies Record<RedisUse, object>;

/** A Redis for one use. Its size and password change in place. */
function redisFor(use: RedisUse): Handler {
  const name = (): string => nameOf(use);
  return {
    inputs,
    replacedBy: [],
    ignored: [],
    ...supervisedProcess<Inputs>({
      name,
      stopTimeoutMs,
      start: (wanted, incarnation) => start(use, wanted, incarnation),
    }),
    async update(wanted, before) {
      await writeConfig(use, wanted);
      const passwords = [before.password, wanted.password];
      const changed = await Promise.all(
        passwords.map((password) => applyLive(wanted, { port: before.port, password })),
      );
      // Down, or with the password of an update that was killed: it starts with the new file.
      if (!changed.includes(true)) await control(join(wanted.paths.services, name()), "t");
      await start(use, wanted, before.incarnation);
      return { incarnation: before.incarnation };
    },
    async observe(state) {
      const { path, content } = configFile(use, state);
      const service = await compareService(state.paths, definitionOf(use, state), [state.port]);
      return [...service, ...(await compareFile(path, content)), ...(await compareLive(use, state))];
    },
  };
}

function nameOf(use: RedisUse): string {
  return processNames[places[use].key];
}

/** Puts size and password into force in the running server; false when it does not let this password in. */
async function applyLive(wanted: Inputs, target: RedisTarget): Promise<boolean> {
  try {
    await onRedis(target, async (client) => {
      await client.config("SET", "maxmemory", `${wanted.maxMemoryMiB}mb`);
      await client.config("SET", "requirepass", wanted.password);
    });
    return true;
  } catch {
    return false;
  }
}

async function start(use: RedisUse, wanted: Inputs, incarnation: string): Promise<void> {
  const { data } = componentPlaces(wanted.paths)[places[use].key];
  // What has changed since an earlier cache was taken away, prices and stock say, nobody told it.
  if (use === "cache" && !existsSync(join(wanted.paths.services, nameOf(use))))
    await rm(data, { recursive: true, force: true });
  await writeConfig(use, wanted);
  const { replaced } = await ensureService(wanted.paths, definitionOf(use, wanted), incarnation);
  await waitForHealth({
    paths: wanted.paths,
    name: nameOf(use),
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: async () => (await onRedis(wanted, (client) => client.ping())) === "PONG",
  });
}

async function writeConfig(use: RedisUse, wanted: Inputs): Promise<void> {
  const owner = osUser("redis");
  const { data, config } = componentPlaces(wanted.paths)[places[use].key];
  await ensureFolder(data, { mode: 0o700, owner });
  await ensureFolder(config, { mode: 0o700, owner });
  const { path, content } = configFile(use, wanted);
  await writeFileAtomic(path, content, { mode: 0o600, owner });
}

function configFile(use: RedisUse, wanted: Inputs): { readonly path: string; readonly content: string } {
  const { data, config } = componentPlaces(wanted.paths)[places[use].key];
  return { path: join(config, "redis.conf"), content: redisConfig(use, { ...wanted, data }) };
}

function definitionOf(use: RedisUse, wanted: Inputs): ServiceDefinition {
  const command: [string, string] = [program("redis-server"), configFile(use, wanted).path];
  return { name: nameOf(use), component: places[use].component, command, user: osUser("redis") };
}

/** What `config set` may have changed in the running server. */
async function compareLive(use: RedisUse, wanted: Inputs): Promise<readonly Difference[]> {
  const live = await onRedis(wanted, async (client) => ({
    memory: await client.config("GET", "maxmemory"),
    policy: await client.config("GET", "maxmemory-policy"),
  })).catch(() => undefined);
  if (live === undefined) return compare("connections", "taken with its password", "none");
  return [
    ...compare("maxmemory", `${wanted.maxMemoryMiB} MiB`, `${Number(live.memory[1]) / 1_048_576} MiB`),
    ...compare("maxmemory-policy", evictionPolicies[use], live.policy[1] ?? ""),
  ];
}
