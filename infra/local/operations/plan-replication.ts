import type { LocalEnvironment } from "../../environment/environment.ts";
import type { Topology } from "../../topology/topology.ts";
import { primaryAddress } from "../replication/database-server.ts";
import { followersOf, type Follower } from "../replication/replication-slots.ts";
import { OperationError } from "../../operation-error.ts";
import { requireStandbys } from "./require-standbys.ts";

/**
 * Refuses a way of replication that this environment could not run: without a second server there is none, and where no
 * replica follows, commits that wait for one would wait for ever. Throws OperationError `no-replica | wrong-state`.
 */
export async function requireReplication(
  environment: LocalEnvironment,
  wanted: Topology["replication"],
): Promise<void> {
  const { roles, others } = requireStandbys(environment);
  if (wanted === "asynchronous") return;
  const followers = await followersOf(primaryAddress(environment.paths, roles), others).catch((cause: unknown) => {
    throw new OperationError("wrong-state", `the primary, server ${roles.primary}, does not answer`, { cause });
  });
  if (followers.some(({ state }) => state === "streaming")) return;
  throw new OperationError("wrong-state", `no replica follows (${inWords(followers)}), so every write would wait`);
}

function inWords(followers: readonly Follower[]): string {
  return followers.map(({ number, state }) => `server ${number}: ${state}`).join(", ");
}
