import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { osUser } from "../../host/os-users.ts";
import { program } from "../../host/programs.ts";
import { ensureFolder, writeFileAtomic } from "../../host/write-file.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import { cacheConfig, evictionPolicy } from "../../redis/cache-config.ts";
import { onCache } from "../../redis/cache-connection.ts";
import type { CacheTarget } from "../../redis/cache-connection.ts";
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

/** The cache that all instances share. Its size and password change in place. */
export const redis: ResourceHandler<Inputs, z.infer<typeof redisOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...supervisedProcess<Inputs>({ name: () => processNames.redis, stopTimeoutMs, start }),
  async update(wanted, before) {
    await writeConfig(wanted);
    const passwords = [before.password, wanted.password];
    const changed = await Promise.all(passwords.map((password) => applyLive(wanted, { port: before.port, password })));
    // Down, or with the password of an update that was killed: it starts with the new file.
    if (!changed.includes(true)) await control(join(wanted.paths.services, processNames.redis), "t");
    await start(wanted, before.incarnation);
    return { incarnation: before.incarnation };
  },
  async observe(state) {
    const { path, content } = configFile(state);
    const service = await compareService(state.paths, definitionOf(state), [state.port]);
    return [...service, ...(await compareFile(path, content)), ...(await compareLive(state))];
  },
};

/** Puts size and password into force in the running server; false when it does not let this password in. */
async function applyLive(wanted: Inputs, target: CacheTarget): Promise<boolean> {
  try {
    await onCache(target, async (client) => {
      await client.config("SET", "maxmemory", `${wanted.maxMemoryMiB}mb`);
      await client.config("SET", "requirepass", wanted.password);
    });
    return true;
  } catch {
    return false;
  }
}

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  await writeConfig(wanted);
  await ensureService(wanted.paths, definitionOf(wanted), incarnation);
  await waitForHealth({
    paths: wanted.paths,
    name: processNames.redis,
    timeoutMs: startTimeoutMs,
    isHealthy: async () => (await onCache(wanted, (client) => client.ping())) === "PONG",
  });
}

async function writeConfig(wanted: Inputs): Promise<void> {
  const owner = osUser("redis");
  const { data, config } = componentPlaces(wanted.paths).redis;
  await ensureFolder(data, { mode: 0o700, owner });
  await ensureFolder(config, { mode: 0o700, owner });
  const { path, content } = configFile(wanted);
  await writeFileAtomic(path, content, { mode: 0o600, owner });
}

function configFile(wanted: Inputs): { readonly path: string; readonly content: string } {
  const { data, config } = componentPlaces(wanted.paths).redis;
  return { path: join(config, "redis.conf"), content: cacheConfig({ ...wanted, data }) };
}

function definitionOf(wanted: Inputs): ServiceDefinition {
  const command: [string, string] = [program("redis-server"), configFile(wanted).path];
  return { name: processNames.redis, component: "redis", command, user: osUser("redis") };
}

/** What `config set` may have changed in the running server. */
async function compareLive(wanted: Inputs): Promise<readonly Difference[]> {
  const live = await onCache(wanted, async (client) => ({
    memory: await client.config("GET", "maxmemory"),
    policy: await client.config("GET", "maxmemory-policy"),
  })).catch(() => undefined);
  if (live === undefined) return compare("connections", "taken with its password", "none");
  return [
    ...compare("maxmemory", `${wanted.maxMemoryMiB} MiB`, `${Number(live.memory[1]) / 1_048_576} MiB`),
    ...compare("maxmemory-policy", evictionPolicy, live.policy[1] ?? ""),
  ];
}
