import * as pulumi from "@pulumi/pulumi";
import { processNames } from "../layout.ts";
import type { Releases } from "./releases.ts";
import { everyDay } from "./every-day.ts";
import { Partitions, type TaskSchedule } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** After the night's archiving. */
const hour = 5;

/** Login attempts by month and sessions by hash of their account; partitions are kept ahead of the time every day. */
export class Partitioning extends pulumi.ComponentResource {
  readonly partitions: Partitions;
  /** Undefined while the tables are not partitioned. */
  readonly schedule: TaskSchedule | undefined;

  constructor(
    name: string,
    { environment, topology }: ShopContext,
    needs: { readonly first: readonly Needed[]; readonly releases: Releases },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Partitioning", name, {}, options);
    const { paths, ports } = environment;
    const { shop } = needs.releases;
    const { partitioning } = topology;
    this.partitions = new Partitions(
      "partitions",
      { paths, port: ports.postgres, releaseFolder: shop.folder, partitioning },
      { parent: this, dependsOn: [...needs.first, shop] },
    );
    const ahead = { environment, release: shop, hour, tasks: ["attempt-months"] };
    this.schedule =
      partitioning === "none"
        ? undefined
        : everyDay(processNames.partitionSchedule, ahead, { parent: this, dependsOn: [this.partitions] });
    this.registerOutputs();
  }
}
