import { join } from "node:path";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { currentUser, osUser } from "../../host/os-users.ts";
import { program } from "../../host/programs.ts";
import { ensureFolder, writeFileAtomic } from "../../host/write-file.ts";
import { componentPlaces, processNames } from "../../layout.ts";
import { poolerAccessRules, poolerConfig, poolerUsers } from "../../pgbouncer/pooler-config.ts";
import type { PoolerTarget } from "../../pgbouncer/pooler-console.ts";
import { askConsole, poolerAnswers } from "../../pgbouncer/pooler-console.ts";
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
  databasePort: z.int(),
  /** Connections that it opens to the database at most. */
  poolSize: z.int().min(1),
  poolerPassword: z.string().min(16),
});
type Inputs = z.infer<typeof inputs>;
export const pgbouncerOutputs = z.object({ incarnation: z.string() });

const startTimeoutMs = 10_000;
const stopTimeoutMs = 5_000;

/** The connection pooler, in transaction mode. Its configuration is reloaded, never restarted. */
export const pgbouncer: ResourceHandler<Inputs, z.infer<typeof pgbouncerOutputs>> = {
  inputs,
  replacedBy: [],
  ignored: [],
  ...supervisedProcess<Inputs>({ name: () => processNames.pgbouncer, stopTimeoutMs, start }),
  async observe(state) {
    const files = await Promise.all(
      configFiles(state, targetOf(state)).map(([path, content]) => compareFile(path, content)),
    );
    const service = await compareService(state.paths, definitionOf(state), [state.port]);
    return [...service, ...files.flat(), ...(await compareLive(state))];
  },
};

async function start(wanted: Inputs, incarnation: string): Promise<void> {
  const target = targetOf(wanted);
  await writeConfig(wanted, target);
  const { outcome, replaced } = await ensureService(wanted.paths, definitionOf(wanted), incarnation);
  await waitForHealth({
    paths: wanted.paths,
    name: processNames.pgbouncer,
    timeoutMs: startTimeoutMs,
    replaced,
    isHealthy: () => poolerAnswers(target),
  });
  if (outcome === "unchanged") await askConsole(target, "RELOAD");
  // A killed run may have left it paused.
  await askConsole(target, "RESUME shop").catch(() => undefined);
}

function definitionOf(wanted: Inputs): ServiceDefinition {
  const { config } = componentPlaces(wanted.paths).pgbouncer;
  const command: [string, string] = [program("pgbouncer"), join(config, "pgbouncer.ini")];
  return { name: processNames.pgbouncer, component: "pgbouncer", command, user: osUser("postgres") };
}

async function writeConfig(wanted: Inputs, target: PoolerTarget): Promise<void> {
  const owner = osUser("postgres");
  await ensureFolder(componentPlaces(wanted.paths).pgbouncer.config, { mode: 0o700, owner });
  await ensureFolder(target.sockets, { mode: 0o755, owner });
  for (const [path, content] of configFiles(wanted, target))
    await writeFileAtomic(path, content, { mode: 0o600, owner });
}

/** What the file cannot tell: the size in force, and whether the shop's queries are held. */
async function compareLive(wanted: Inputs): Promise<readonly Difference[]> {
  const target = targetOf(wanted);
  if (!(await poolerAnswers(target))) return compare("admin console", "an answer", "none");
  const size = (await askConsole(target, "SHOW CONFIG")).find(({ key }) => key === "default_pool_size");
  const shop = (await askConsole(target, "SHOW DATABASES")).find(({ name }) => name === "shop");
  return [
    ...compare("default_pool_size", wanted.poolSize, Number(size?.["value"])),
    ...compare("database shop", "open", Number(shop?.["paused"]) === 1 ? "paused" : "open"),
  ];
}

function configFiles(wanted: Inputs, target: PoolerTarget): readonly (readonly [path: string, content: string])[] {
  const places = componentPlaces(wanted.paths);
  const { config } = places.pgbouncer;
  const administrators = [...new Set([currentUser().name, osUser("postgres").name])];
  const settings = {
    ...target,
    config,
    administrators,
    poolSize: wanted.poolSize,
    databaseSockets: places.postgres.sockets,
    databasePort: wanted.databasePort,
  };
  return [
    [join(config, "userlist.txt"), poolerUsers(wanted.poolerPassword, administrators)],
    [join(config, "hba.conf"), poolerAccessRules(administrators)],
    [join(config, "pgbouncer.ini"), poolerConfig(settings)],
  ];
}

function targetOf(wanted: Inputs): PoolerTarget {
  return { sockets: componentPlaces(wanted.paths).pgbouncer.sockets, port: wanted.port };
}
