import { configurePrimary, configureTopology } from "../../infra/environment/stack.ts";
import { withRolloutLock } from "../adapters/rollout-lock.ts";
import type { LocalSession } from "../adapters/session.ts";
import { oneUpdate } from "./one-update.ts";
import { runningTopology } from "./running-topology.ts";

/** What `db switchover --json` and `db failover --json` print. */
export interface PrimaryReport {
  readonly schema: "shopctl.db.switchover/1" | "shopctl.db.failover/1";
  readonly environment: string;
  /** Numbers of the servers; 0 is the first one. */
  readonly before: number;
  readonly primary: number;
  readonly seconds: number;
}

export interface PrimaryChange {
  /** `switchover`: the primary is well and gives its place away; `failover`: it is gone. */
  readonly kind: "switchover" | "failover";
  /** Number of the server; the one that is the least behind unless said. */
  readonly to?: number | undefined;
}

/**
 * Another primary by one update of the stack. When that fails the stack is configured again to what the host has. Throws
 * OperationError `no-replica | wrong-state`.
 */
export async function changePrimary(session: LocalSession, { kind, to }: PrimaryChange): Promise<PrimaryReport> {
  const { environment } = session;
  const { name, paths } = environment;
  const { planPrimary } = await import("../../infra/local/operations/plan-primary.ts");
  return withRolloutLock(paths.root, `db ${kind} --env ${name}`, async () => {
    const topology = await runningTopology(session);
    const { before, primary, term } = await planPrimary(environment, kind, to);
    const message = `${kind} to server ${primary}`;
    const seconds = await oneUpdate(session, { before: topology, message }, async () => {
      await configureTopology(environment, topology);
      await configurePrimary(environment, { server: primary, term });
    });
    return { schema: `shopctl.db.${kind}/1`, environment: name, before, primary, seconds };
  });
}
