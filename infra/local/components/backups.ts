import * as pulumi from "@pulumi/pulumi";
import type { Releases } from "./releases.ts";
import { BackupSchedule } from "./resources.ts";
import type { Needed, ShopContext } from "./shop-context.ts";

/** Hour of the night with the fewest shoppers, local time. */
const backupHour = 3;

/** The nightly backups that come with the paid database plan. */
export class Backups extends pulumi.ComponentResource {
  readonly schedule: BackupSchedule;

  constructor(
    name: string,
    { environment }: ShopContext,
    needs: { readonly first: readonly Needed[]; readonly releases: Releases },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("shopctl:components:Backups", name, {}, options);
    this.schedule = new BackupSchedule(
      "backup-schedule",
      {
        paths: environment.paths,
        databasePort: environment.ports.postgres,
        releaseFolder: needs.releases.backup.folder,
        hour: backupHour,
      },
      { parent: this, dependsOn: [...needs.first, needs.releases.backup] },
    );
    this.registerOutputs();
  }
}
