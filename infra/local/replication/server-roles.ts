import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { z } from "zod";
import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import { writeFileAtomic } from "../host/write-file.ts";
import { componentPlaces } from "../layout.ts";

const rolesSchema = z.strictObject({
  /** Counts the changes of the primary; the higher of two records is the later. */
  term: z.int().min(0),
  /** Number of the server that takes writes. */
  primary: z.int().min(0),
  servers: z.array(z.strictObject({ number: z.int().min(0), port: z.int() })).min(1),
  mode: z.enum(["asynchronous", "synchronous"]),
  /** Servers that no commit waits for yet, because they are still being brought to follow a new primary. */
  exempt: z.array(z.int()),
  /** Log that is kept for a server which is away, in MiB; one that would need more is copied anew. */
  keepMiB: z.int().min(1),
});
/**
 * Which of an environment's database servers is the primary: the truth on the host, for a failover cannot wait for a stack.
 * There is none until a second server is made.
 */
export type ServerRoles = z.infer<typeof rolesSchema>;

export function readRoles(paths: PathPlan): ServerRoles | undefined {
  try {
    return rolesSchema.parse(JSON.parse(readFileSync(componentPlaces(paths).serverRoles, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new HostError("refused", `${componentPlaces(paths).serverRoles} cannot be read: it is torn or was changed`, {
      cause: error,
    });
  }
}

export function requireRoles(paths: PathPlan): ServerRoles {
  const roles = readRoles(paths);
  if (roles === undefined) throw new HostError("refused", "the database has no second server");
  return roles;
}

export async function writeRoles(paths: PathPlan, roles: ServerRoles): Promise<void> {
  await writeFileAtomic(componentPlaces(paths).serverRoles, `${JSON.stringify(roles)}\n`, { mode: 0o644 });
}

export async function removeRoles(paths: PathPlan): Promise<void> {
  await rm(componentPlaces(paths).serverRoles, { force: true });
}

/** Numbers of the servers that follow the primary. */
export function standbysOf({ servers, primary }: Pick<ServerRoles, "servers" | "primary">): readonly number[] {
  return servers.map(({ number }) => number).filter((number) => number !== primary);
}
