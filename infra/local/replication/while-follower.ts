import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import { requireRoles, type ServerRoles } from "./server-roles.ts";
import { withLock } from "./with-lock.ts";

/**
 * Runs `work`, which would end a primary or its data, while a server cannot become one. Throws HostError `refused` when the
 * primary has changed since the roles were read, or is that server.
 */
export async function whileFollower<T>(
  paths: PathPlan,
  roles: ServerRoles,
  number: number,
  work: () => Promise<T>,
): Promise<T> {
  return withLock(paths, "roles", async () => {
    const { primary, term } = requireRoles(paths);
    if (primary === number) throw new HostError("refused", `server ${number} is the primary`);
    if (term !== roles.term)
      throw new HostError("refused", `server ${primary} became the primary while server ${number} was made to follow`);
    return work();
  });
}
