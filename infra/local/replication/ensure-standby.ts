import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import { osUser } from "../host/os-users.ts";
import { poll } from "../host/poll.ts";
import { ensureFolder } from "../host/write-file.ts";
import { tailLog } from "../supervision/service-log.ts";
import { copyPrimary } from "./copy-primary.ts";
import { primaryAddress, serverOf } from "./database-server.ts";
import { reload, writeReplicationSettings, writeStandbySignal } from "./replication-settings.ts";
import { dropOwnSlots, ensureSlot, followersOf } from "./replication-slots.ts";
import { isFollower, killSupervised, startSupervised, stopSupervised } from "./server-process.ts";
import { requireRoles, type ServerRoles } from "./server-roles.ts";
import { whileFollower } from "./while-follower.ts";
import { withLock } from "./with-lock.ts";

/** Time that a server has to be connected again; one that is not by then lacks log that is gone, and is copied anew. */
const followTimeoutMs = 10_000;
/** After a copy it only has to catch up. */
const catchUpTimeoutMs = 60_000;

/** Makes a server follow the primary: as it is when it can, else as a new copy. Its service folder must be there. */
export async function ensureStandby(paths: PathPlan, number: number): Promise<void> {
  await withLock(paths, `server-${number}`, async () => {
    const roles = requireRoles(paths);
    const prepared = await prepareStandby(paths, roles, number);
    if (prepared === "as it was" && (await follows(paths, roles, number))) return;
    if (prepared !== "copied") await replaceData(paths, roles, number);
    if (await follows(paths, roles, number, catchUpTimeoutMs)) return;
    const { name } = serverOf(paths, roles, number);
    throw new HostError(
      "not-ready",
      `${name} does not follow the primary. Its log ends:\n${await tailLog(paths, name, 15)}`,
    );
  });
}

/** Data and settings of a follower that is not supervised yet. */
export async function prepareNewStandby(paths: PathPlan, number: number): Promise<void> {
  await withLock(paths, `server-${number}`, () => prepareStandby(paths, requireRoles(paths), number));
}

/** Data and settings of a follower, without starting it. */
async function prepareStandby(
  paths: PathPlan,
  roles: ServerRoles,
  number: number,
): Promise<"as it was" | "copied" | "cannot follow"> {
  if (roles.primary === number) throw new HostError("refused", `server ${number} is the primary`);
  const server = serverOf(paths, roles, number);
  await ensureFolder(server.admin.sockets, { mode: 0o755, owner: osUser("postgres") });
  const hasLog = await ensureSlot(primaryAddress(paths, roles), number);
  if (!existsSync(join(server.data, "PG_VERSION"))) {
    await copyPrimary(paths, roles, number);
    return "copied";
  }
  if (!hasLog) return "cannot follow";
  await whileFollower(paths, roles, number, async () => {
    await writeReplicationSettings(paths, roles, number);
    // One that takes writes would go on doing so: it is stopped, and starts as a follower.
    if (await isFollower(server).catch(() => false)) return;
    await stopSupervised(paths, server);
    await writeStandbySignal(server.data);
  });
  return "as it was";
}

async function replaceData(paths: PathPlan, roles: ServerRoles, number: number): Promise<void> {
  // It need not end in order, so nobody waits long for the roles.
  await whileFollower(paths, roles, number, () => killSupervised(paths, serverOf(paths, roles, number)));
  await copyPrimary(paths, roles, number);
}

async function follows(
  paths: PathPlan,
  roles: ServerRoles,
  number: number,
  timeoutMs = followTimeoutMs,
): Promise<boolean> {
  const server = serverOf(paths, roles, number);
  try {
    await startSupervised(paths, server);
  } catch {
    return false;
  }
  await reload(server);
  const found = await poll(
    async () => {
      const [follower] = await followersOf(primaryAddress(paths, roles), [number]);
      if (follower?.canFollow === false) return "never";
      return follower?.state === "streaming" ? "yes" : undefined;
    },
    { timeoutMs, intervalMs: 50 },
  );
  if (found !== "yes") return false;
  await whileFollower(paths, roles, number, () => dropOwnSlots(server.admin));
  return true;
}
