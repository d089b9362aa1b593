import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { osUser } from "../host/os-users.ts";
import { writeFileAtomic } from "../host/write-file.ts";
import { componentPlaces, processNames } from "../layout.ts";
import { control } from "../supervision/service-control.ts";
import { readRoles } from "../replication/server-roles.ts";
import { accessRules } from "./database-config.ts";

/** Who is let in by the first server, as it is now: a server that was started before does not know everybody yet. */
export async function ensureAccessRules(paths: PathPlan, replicated = readRoles(paths) !== undefined): Promise<void> {
  const file = join(componentPlaces(paths).postgres.config, "pg_hba.conf");
  const rules = accessRules(replicated);
  if ((await readFile(file, "utf8")) === rules) return;
  await writeFileAtomic(file, rules, { mode: 0o600, owner: osUser("postgres") });
  await control(join(paths.services, processNames.postgres), "h");
}
