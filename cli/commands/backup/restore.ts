import { Args, Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { Restoration } from "../../../infra/local/operations/backups.ts";

interface BackupRestoreReport extends Restoration {
  readonly schema: "shopctl.backup.restore/1";
  readonly environment: string;
}

/** The database as it was at a backup. */
export default class BackupRestore extends ShopctlCommand {
  static override summary = "Put the database back to a backup; what is there now is backed up first";
  static override examples = [
    "<%= config.bin %> backup restore nightly-20260104T030000Z --env demo",
    "<%= config.bin %> backup restore manual-20260104T101500Z --yes",
  ];
  static override args = { backup: Args.string({ description: "id, as backup list shows it", required: true }) };
  static override flags = {
    ...environmentFlag,
    yes: Flags.boolean({ char: "y", description: "restore without asking" }),
  };

  async run(): Promise<BackupRestoreReport> {
    const { args, flags } = await this.parse(BackupRestore);
    const { environment } = await this.openLocalSession(flags.env);
    const [{ restoreBackup }, { withRolloutLock }, { throughSignals }, { confirmYes }, { renderRestoration }] =
      await Promise.all([
        import("../../../infra/local/operations/backups.ts"),
        import("../../adapters/rollout-lock.ts"),
        import("../../adapters/stop-signal.ts"),
        import("../../adapters/confirm.ts"),
        import("../../render/backups.ts"),
      ]);
    const { name, paths } = environment;
    const command = `backup restore ${args.backup} --env ${name}`;
    const what = `Put the database of "${name}" back to ${args.backup}`;
    if (!flags.yes) await confirmYes({ what, confirmWith: `shopctl ${command} --yes` });
    const restoration = await throughSignals(() =>
      withRolloutLock(paths.root, command, () => restoreBackup(environment, args.backup)),
    );
    this.log(renderRestoration(restoration));
    return { schema: "shopctl.backup.restore/1", environment: name, ...restoration };
  }
}
