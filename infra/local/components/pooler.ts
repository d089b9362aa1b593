import * as pulumi from "@pulumi/pulumi";
import { databasePlans } from "../../topology/database-plans.ts";
import { poolerPoolSize } from "../../topology/connection-budget.ts";
import { PgBouncer } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** PgBouncer between the shop and its database. */
export class Pooler extends pulumi.ComponentResource {
  readonly pgbouncer: PgBouncer;

  constructor(
    name: string,
    { environment, topology, credentials }: ShopContext,
    needs: readonly Needed[],
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Pooler", name, {}, options);
    this.pgbouncer = new PgBouncer(
      "pgbouncer",
      {
        paths: environment.paths,
        port: environment.ports.pgbouncer,
        databasePort: environment.ports.postgres,
        poolSize: poolerPoolSize(databasePlans[topology.database].maxConnections),
        poolerPassword: credentials.databasePooler,
      },
      { parent: this, dependsOn: [...needs] },
    );
    this.registerOutputs();
  }
}
