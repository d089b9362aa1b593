import type { LocalEnvironment } from "../../environment/environment.ts";
import { readRoles, standbysOf, type ServerRoles } from "../replication/server-roles.ts";
import { OperationError } from "../../operation-error.ts";

/** The database's servers and the numbers of those that are not the primary. Throws OperationError `no-replica` without any. */
export function requireStandbys({ name, paths }: LocalEnvironment): {
  readonly roles: ServerRoles;
  readonly others: readonly number[];
} {
  const roles = readRoles(paths);
  const others = roles === undefined ? [] : standbysOf(roles);
  if (roles === undefined || others.length === 0)
    throw new OperationError(
      "no-replica",
      `environment ${name} has one database server; the step read-replicas brings another`,
    );
  return { roles, others };
}
