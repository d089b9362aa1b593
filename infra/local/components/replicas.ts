import * as pulumi from "@pulumi/pulumi";
import { databasePlans } from "../../topology/database-plans.ts";
import type { Releases } from "./releases.ts";
import { PostgresReplica, Replication, ReplicationGuard } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** Log kept for a replica that is away: a sixteenth of the plan's storage, so that a dead one never fills the disk. */
const keptShareOfStorage = 1 / 16;

/**
 * The servers that follow the primary, who of all is the primary, and the guard over them. A primary that the topology has
 * no more gives its place back to the first server.
 */
export class Replicas extends pulumi.ComponentResource {
  readonly servers: readonly PostgresReplica[];
  /** What readers of replicas depend on. */
  readonly ready: readonly Needed[];

  constructor(
    name: string,
    { environment, topology, primary }: ShopContext,
    needs: { readonly first: readonly Needed[]; readonly releases: Releases },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Replicas", name, {}, options);
    const { ports, paths } = environment;
    const { maxConnections, cpu, memoryMiB, sharedBuffersMiB, storageGiB } = databasePlans[topology.database];
    const keepMiB = Math.round(storageGiB * 1_024 * keptShareOfStorage);
    const plan = { maxConnections, cpu, memoryMiB, sharedBuffersMiB, keepMiB };
    const inside = { parent: this, dependsOn: [...needs.first] };
    const numbers = Array.from({ length: topology.replicas }, (_, at) => at + 1);
    const portOf = (number: number): number => ports.replicaFirst + number - 1;
    this.servers = numbers.map(
      (number) =>
        new PostgresReplica(
          `postgres-${number}`,
          { paths, number, port: portOf(number), firstPort: ports.postgres, poolerPort: ports.pgbouncer, ...plan },
          inside,
        ),
    );
    const isThere = primary.server <= topology.replicas;
    const roles = isThere ? primary : { server: 0, term: primary.term + 1 };
    // Once the first server was not the primary, its address is a link, which stays.
    const replication =
      topology.replicas === 0 && roles.term === 0
        ? []
        : [
            new Replication(
              "replication",
              {
                paths,
                poolerPort: ports.pgbouncer,
                primary: roles.server,
                term: roles.term,
                servers: [0, ...numbers].map((number) => ({
                  number,
                  port: number === 0 ? ports.postgres : portOf(number),
                })),
                mode: topology.replication,
                keepMiB,
              },
              { parent: this, dependsOn: [...needs.first, ...this.servers] },
            ),
          ];
    const { replicationGuard } = needs.releases;
    const guard =
      replicationGuard === undefined
        ? []
        : [
            new ReplicationGuard(
              "replication-guard",
              { paths, poolerPort: ports.pgbouncer, releaseFolder: replicationGuard.folder },
              { parent: this, dependsOn: [...replication, replicationGuard] },
            ),
          ];
    this.ready = [...replication, ...guard];
    this.registerOutputs();
  }
}
