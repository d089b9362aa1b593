import { Args, Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { OperationError } from "../../../infra/operation-error.ts";
import type { Restoration } from "../../../infra/local/operations/backups.ts";

interface BackupRestoreReport extends Restoration {
  readonly schema: "shopctl.backup.restore/1";
  readonly environment: string;
  /** What the backup had otherwise than the stack (partitions, archive, indexes), and was brought there. */
  readonly settled: readonly string[];
}

/** The database as it was at a backup. */
export default class BackupRestore extends ShopctlCommand {
  static override summary = "Put the database back to a backup; what is there now is backed up first";
  static override description = `Where the stack has tables or indexes otherwise than when the backup was made, they are brought there at
once, beside the traffic: partitions, archive, indexes.`;
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
    const session = await this.openLocalSession(flags.env);
    const { environment } = session;
    const [
      { restoreBackup },
      { settleData },
      { withRolloutLock },
      { throughSignals },
      { confirmYes },
      { renderRestoration },
    ] = await Promise.all([
      import("../../../infra/local/operations/backups.ts"),
      import("../../rollout/settle-data.ts"),
      import("../../adapters/rollout-lock.ts"),
      import("../../adapters/stop-signal.ts"),
      import("../../adapters/confirm.ts"),
      import("../../render/backups.ts"),
    ]);
    const { name, paths } = environment;
    const command = `backup restore ${args.backup} --env ${name}`;
    const what = `Put the database of "${name}" back to ${args.backup}`;
    if (!flags.yes) await confirmYes({ what, confirmWith: `shopctl ${command} --yes` });
    const { restoration, settled } = await throughSignals(() =>
      withRolloutLock(paths.root, command, async () => {
        const restoration = await restoreBackup(environment, args.backup);
        const settled = await settleData(session).catch((cause: unknown) => {
          throw unsettled(name, restoration, cause);
        });
        return { restoration, settled };
      }),
    );
    this.log(renderRestoration({ ...restoration, settled: settled ?? [] }));
    if (settled === undefined) this.say(`next: shopctl recover --env ${name}   (a step was left half-way)`);
    return { schema: "shopctl.backup.restore/1", environment: name, ...restoration, settled: settled ?? [] };
  }
}

/** The restored database serves, but not yet as the stack has it. */
function unsettled(environment: string, { restored, safetyBackup }: Restoration, cause: unknown): OperationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OperationError(
    "failed",
    `${restored.id} is restored and serves, what was there before is in ${safetyBackup.id}; partitions, archive or indexes are not yet as the stack has them: \`shopctl recover --env ${environment}\` brings them there. What failed: ${reason}`,
    { cause },
  );
}
