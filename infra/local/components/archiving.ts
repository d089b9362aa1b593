import * as pulumi from "@pulumi/pulumi";
import { dailyTasks } from "../../../service/contract/daily-tasks.ts";
import { processNames } from "../layout.ts";
import type { Releases } from "./releases.ts";
import { everyDay } from "./every-day.ts";
import { Archive, type TaskSchedule } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** In the hours with the fewest shoppers, when the nightly backup is through. */
const hour = 4;

/** What is old leaves the tables: at once when archiving begins, and then every night. */
export class Archiving extends pulumi.ComponentResource {
  readonly archive: Archive;
  /** Undefined while old rows stay where they are. */
  readonly schedule: TaskSchedule | undefined;

  constructor(
    name: string,
    { environment, topology }: ShopContext,
    needs: { readonly first: readonly Needed[]; readonly releases: Releases },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Archiving", name, {}, options);
    const { paths, ports } = environment;
    const { shop } = needs.releases;
    const { archiving } = topology;
    this.archive = new Archive(
      "archive",
      { paths, port: ports.postgres, releaseFolder: shop.folder, archiving, tasks: [...dailyTasks] },
      { parent: this, dependsOn: [...needs.first, shop] },
    );
    const nightly = { environment, release: shop, hour, tasks: dailyTasks };
    this.schedule =
      archiving === "none"
        ? undefined
        : everyDay(processNames.archivingSchedule, nightly, { parent: this, dependsOn: [this.archive] });
    this.registerOutputs();
  }
}
