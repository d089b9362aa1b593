import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../infra/environment/environment.ts";
import { componentPlaces } from "../../infra/local/layout.ts";
import { supervisorPid } from "../../infra/local/supervision/supervisor.ts";

/** What on the host shows that an environment was deployed, in words; undefined when nothing does. */
export function lifeSigns({ paths }: Environment): string | undefined {
  if (supervisorPid(paths) !== undefined) return "it runs";
  return existsSync(join(componentPlaces(paths).postgres.data, "PG_VERSION")) ? "it has a database" : undefined;
}
