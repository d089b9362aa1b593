import { dirname, join } from "node:path";
import type { PathPlan } from "./environment.ts";

/** The folders of an environment inside a state home. */
export function pathPlanOf(home: string, name: string): PathPlan {
  const root = join(home, "environments", name);
  return {
    root,
    services: join(root, "services"),
    data: join(root, "data"),
    run: join(root, "run"),
    logs: join(root, "logs"),
    config: join(root, "config"),
    releases: join(root, "releases"),
    backups: join(root, "backups"),
  };
}

/** The state home that an environment is in. */
export function homeOf(paths: PathPlan): string {
  return dirname(dirname(paths.root));
}
