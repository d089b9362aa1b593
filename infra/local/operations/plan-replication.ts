import type { LocalEnvironment } from "../../environment/environment.ts";
import type { Topology } from "../../topology/topology.ts";
import { primaryAddress } from "../replication/database-server.ts";
import { followersOf, type Follower } from "../replication/replication-slots.ts";
import { readRoles, standbysOf } from "../replication/server-roles.ts";
import { OperationError } from "./operation-error.ts";

/**
 * Refuses a way of replication that this environment could not run: without a second server there is none, and where no
 * replica follows, commits that wait for one would wait for ever. Throws OperationError `no-replica | wrong-state`.
 */
export async function requireReplication(
  { name, paths }: LocalEnvironment,
  wanted: Topology["replication"],
): Promise<void> {
  const roles = readRoles(paths);
  const others = roles === undefined ? [] : standbysOf(roles);
  if (roles === undefined || others.length === 0)
    throw new OperationError(
      "no-replica",
      `environment ${name} has one database server; the step read-replicas brings another`,
    );
  if (wanted === "asynchronous") return;
  const followers = await followersOf(primaryAddress(paths, roles), others).catch((cause: unknown) => {
    throw new OperationError("wrong-state", `the primary, server ${roles.primary}, does not answer`, { cause });
  });
  if (followers.some(({ state }) => state === "streaming")) return;
  throw new OperationError("wrong-state", `no replica follows (${inWords(followers)}), so every write would wait`);
}

function inWords(followers: readonly Follower[]): string {
  return followers.map(({ number, state }) => `server ${number}: ${state}`).join(", ");
}
