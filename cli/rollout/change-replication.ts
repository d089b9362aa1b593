import { configureTopology } from "../../infra/environment/stack.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { withRolloutLock } from "../adapters/rollout-lock.ts";
import type { LocalSession } from "../adapters/session.ts";
import { oneUpdate } from "./one-update.ts";
import { runningTopology } from "./running-topology.ts";
import { refuseUnfinished } from "./unfinished-run.ts";

/** What `db replication --json` prints. */
export interface ReplicationReport {
  readonly schema: "shopctl.db.replication/1";
  readonly environment: string;
  readonly before: Topology["replication"];
  readonly replication: Topology["replication"];
  readonly seconds: number;
}

/**
 * Whether commits wait for a replica, by one update that restarts nothing; nothing is done where it is so already. Throws
 * OperationError `no-replica | wrong-state`, and FailureError `interrupted` while a step is unfinished: whoever takes that over
 * goes to a topology that it noted before.
 */
export async function changeReplication(
  session: LocalSession,
  replication: Topology["replication"],
): Promise<ReplicationReport> {
  const { environment } = session;
  const { name, paths } = environment;
  const { requireReplication } = await import("../../infra/local/operations/plan-replication.ts");
  return withRolloutLock(paths.root, `db replication ${replication} --env ${name}`, async () => {
    await refuseUnfinished(session);
    const before = await runningTopology(session);
    await requireReplication(environment, replication);
    const seconds =
      before.replication === replication
        ? 0
        : await oneUpdate(session, { before, message: `${replication} replication` }, () =>
            configureTopology(environment, { ...before, replication }),
          );
    return { schema: "shopctl.db.replication/1", environment: name, before: before.replication, replication, seconds };
  });
}
