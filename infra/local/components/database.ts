import * as pulumi from "@pulumi/pulumi";
import { databaseIndexes } from "../../../service/contract/indexes.ts";
import { databasePlans } from "../../topology/database-plans.ts";
import { componentPlaces } from "../layout.ts";
import type { Releases } from "./releases.ts";
import { Indexes, PostgresServer, Queries, Schema } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** The primary database of the plan, with the shop's tables. */
export class Database extends pulumi.ComponentResource {
  readonly server: PostgresServer;
  readonly schema: Schema;
  /** Undefined while the shop does with what the migrations make. */
  readonly indexes: Indexes | undefined;
  /** Undefined while instances send their statements as they stand in the code. */
  readonly queries: Queries | undefined;

  constructor(
    name: string,
    { environment, topology, credentials }: ShopContext,
    needs: { readonly first: readonly Needed[]; readonly releases: Releases },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Database", name, {}, options);
    const { ports, paths } = environment;
    const { maxConnections, cpu, memoryMiB, sharedBuffersMiB } = databasePlans[topology.database];
    this.server = new PostgresServer(
      "postgres",
      {
        paths,
        port: ports.postgres,
        poolerPort: ports.pgbouncer,
        maxConnections,
        cpu,
        memoryMiB,
        sharedBuffersMiB,
        shopPassword: credentials.databaseShop,
        poolerPassword: credentials.databasePooler,
      },
      { parent: this, dependsOn: [...needs.first] },
    );
    this.schema = new Schema(
      "schema",
      {
        sockets: componentPlaces(paths).postgres.sockets,
        port: ports.postgres,
        releaseFolder: needs.releases.newest.folder,
        migrationsHash: needs.releases.migrationsHash,
      },
      { parent: this, dependsOn: [this.server, needs.releases.newest] },
    );
    // Nothing waits for it: the shop runs without indexes as well, only slower.
    this.indexes =
      topology.indexes === "basic"
        ? undefined
        : new Indexes(
            "indexes",
            {
              paths,
              port: ports.postgres,
              releaseFolder: needs.releases.shop.folder,
              names: databaseIndexes.map(({ name }) => name),
            },
            { parent: this, dependsOn: [this.schema, needs.releases.shop] },
          );
    // Measured with the indexes that the queries have.
    const { shop } = needs.releases;
    this.queries =
      topology.queries === "plain"
        ? undefined
        : new Queries(
            "queries",
            { paths, port: ports.postgres, releaseFolder: shop.folder },
            { parent: this, dependsOn: [this.schema, shop, ...(this.indexes === undefined ? [] : [this.indexes])] },
          );
    this.registerOutputs();
  }
}
