import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { osUser } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import { runCommand } from "../host/run-command.ts";
import { ensureFolder } from "../host/write-file.ts";
import { primaryAddress, serverOf } from "./database-server.ts";
import { followerName, writeReplicationSettings, writeStandbySignal } from "./replication-settings.ts";
import type { ServerRoles } from "./server-roles.ts";
import { whileFollower } from "./while-follower.ts";

const copyTimeoutMs = 3_600_000;

/** Copies the primary beside its traffic into a server's data folder, ready to follow; a copy that was cut off leaves only a draft. */
export async function copyPrimary(paths: PathPlan, roles: ServerRoles, number: number): Promise<void> {
  const user = osUser("postgres");
  const { name, data } = serverOf(paths, roles, number);
  const { sockets, port } = primaryAddress(paths, roles);
  const draft = join(paths.data, `.new-${name}`);
  await rm(draft, { recursive: true, force: true });
  await ensureFolder(draft, { mode: 0o700, owner: user });
  await runCommand(
    program("pg_basebackup"),
    [
      `--host=${sockets}`,
      `--port=${port}`,
      "--username=postgres",
      "--no-password",
      `--pgdata=${draft}`,
      "--checkpoint=fast",
      "--wal-method=stream",
      `--slot=${followerName(number)}`,
    ],
    { user, timeoutMs: copyTimeoutMs, endsWithUs: true },
  );
  await writeReplicationSettings(paths, roles, number, draft);
  await writeStandbySignal(draft);
  await whileFollower(paths, roles, number, async () => {
    await rm(data, { recursive: true, force: true });
    await rename(draft, data);
  });
}
