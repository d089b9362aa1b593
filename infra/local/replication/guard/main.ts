import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { pathPlanSchema } from "../../../environment/environment.ts";
import { componentPlaces } from "../../layout.ts";
import { serverOf } from "../database-server.ts";
import { serviceState } from "../../supervision/service-control.ts";
import { ensurePrimary } from "../ensure-primary.ts";
import { failOver } from "../fail-over.ts";
import { readRoles, type ServerRoles } from "../server-roles.ts";
import { isLocked, withLock } from "../with-lock.ts";
import { FollowerCare } from "./care-for-followers.ts";
import { giveSign } from "./guard-sign.ts";
import { askPrimary, Trouble, Work } from "./watch-primary.ts";

/**
 * The guard of the database servers, as a process of its own. It sees what this machine sees: where servers are on several
 * machines, one that only it cannot reach would be taken for dead.
 */
const environment = z
  .object({ GUARD_PATHS: z.string(), GUARD_POOLER_PORT: z.coerce.number().int() })
  .parse(process.env);
const paths = pathPlanSchema.parse(JSON.parse(environment.GUARD_PATHS));
const pooler = { sockets: componentPlaces(paths).pgbouncer.sockets, port: environment.GUARD_POOLER_PORT };

const roundMs = 250;
const lookEveryMs = 1_000;

const say = (line: string): void => console.log(line);
const trouble = new Trouble();
const work = new Work();
const care = new FollowerCare(paths, say);
let lookedAt = Number.NEGATIVE_INFINITY;

void watch();

async function watch(): Promise<never> {
  for (;;) {
    await round().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)));
    await giveSign(paths);
    await delay(roundMs);
  }
}

async function round(): Promise<void> {
  const roles = readRoles(paths);
  // Whoever holds the lock changes roles or restarts the primary on purpose.
  if (roles === undefined || roles.servers.length < 2 || (await isLocked(paths, "roles"))) return trouble.forget();
  const primary = serverOf(paths, roles, roles.primary);
  const asked = await askPrimary(primary.admin);
  const health = asked === "silent" && work.goesOn(serviceState(primary.service).pid) ? "slow" : asked;
  if (trouble.isOver(health, performance.now())) {
    await mend(roles);
    return trouble.forget();
  }
  if (health !== "ok" || performance.now() - lookedAt < lookEveryMs) return;
  lookedAt = performance.now();
  await care.look(roles, lookedAt);
}

/** Asks again under the lock: whoever had it until now may have brought the primary back, or have been killed half-way. */
async function mend(found: ServerRoles): Promise<void> {
  await withLock(paths, "roles", async () => {
    const roles = readRoles(paths);
    if (roles?.term !== found.term) return;
    const health = await askPrimary(serverOf(paths, roles, roles.primary).admin);
    if (health === "ok") return;
    if (health === "following") {
      say(`server ${roles.primary} is to be the primary and follows: it is made one`);
      return ensurePrimary(paths, roles);
    }
    say(`server ${roles.primary} is gone (${health}): another one takes its place`);
    const next = await failOver(paths, roles, pooler);
    say(`server ${next.primary} is the primary of term ${next.term}`);
  });
}
