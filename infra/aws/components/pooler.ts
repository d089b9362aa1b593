import * as pulumi from "@pulumi/pulumi";
import { databasePlans } from "../../topology/database-plans.ts";
import type { Topology } from "../../topology/topology.ts";
import { poolerPoolSize } from "../../topology/connection-budget.ts";
import { poolers, smallTask } from "../sizes.ts";
import type { Cluster } from "./cluster.ts";
import { allow } from "./data-gate.ts";
import { databasePort, type Database } from "./database.ts";
import { FargateService, nameTtlSeconds } from "./fargate-service.ts";
import { FargateTask } from "./fargate-task.ts";
import type { Network } from "./network.ts";
import { ShopSecret } from "./shop-secret.ts";

export interface PoolerArgs {
  readonly cluster: Cluster;
  readonly network: Network;
  readonly region: string;
  readonly image: string;
  readonly plan: Topology["database"];
  readonly database: Database;
  /** Password of the role `shop`, by which clients get in and the pooler reaches the database. Secret. */
  readonly password: pulumi.Input<string>;
}

export const poolerPort = 6432;
/** The task's account has no name, by which libpq would sign in: without one that is given it does not even try. */
export const poolerHealthCheck: readonly string[] = `pg_isready -q -h 127.0.0.1 -U shop -d shop -p ${poolerPort}`.split(
  " ",
);
/** Time for others to see that a task which ends is no longer among the names: they keep an address, and Route 53 takes its own. */
const leaveSeconds = 3 * nameTtlSeconds;

/** PgBouncer in transaction mode as a service of its own, found under its name. */
export class Pooler extends pulumi.ComponentResource {
  /** The name under which its tasks are found, once they run: nobody is told of it before. */
  readonly host: pulumi.Output<string>;
  readonly service: FargateService;

  constructor(name: string, args: PoolerArgs, options: pulumi.ComponentResourceOptions) {
    super("shopctl:aws:Pooler", name, {}, options);
    const inside = { parent: this };
    const { cluster, network, region, image, plan, database, password } = args;
    const secret = new ShopSecret(`${name}-password`, { value: password }, inside);
    const task = new FargateTask(
      name,
      {
        cluster,
        region,
        size: smallTask,
        grants: [],
        containers: [
          {
            name: "pgbouncer",
            image,
            essential: true,
            ports: [poolerPort],
            variables: {
              POOLER_PORT: String(poolerPort),
              POOLER_DATABASE_HOST: database.primary.address,
              POOLER_DATABASE_PORT: String(databasePort),
              POOLER_LEAVE_SECONDS: String(leaveSeconds),
              POOLER_SIZE: String(poolerPoolSize(databasePlans[plan].maxConnections, poolers)),
            },
            secrets: { POOLER_PASSWORD: secret },
            healthCheck: poolerHealthCheck,
          },
        ],
      },
      inside,
    );
    this.service = new FargateService(
      name,
      { cluster, network, task, count: poolers, discovered: true },
      { parent: this, dependsOn: [cluster.grantSecrets("pooler-secret", [secret.arn])] },
    );
    allow(`${name}-database`, { from: this.service.group, to: database.group, port: databasePort }, inside);
    this.host = this.service.service.id.apply(() => `${name}.${cluster.namesDomain}`);
    this.registerOutputs();
  }
}
