import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { BackupFile } from "../../../infra/local/backup/backup-files.ts";

interface BackupCreateReport {
  readonly schema: "shopctl.backup.create/1";
  readonly environment: string;
  readonly backup: BackupFile;
}

/** A backup now, beside the traffic. */
export default class BackupCreate extends ShopctlCommand {
  static override summary = "Take a backup of the database now, beside the traffic";
  static override description = "Backups come with the paid database plan: the step database-paid.";
  static override examples = ["<%= config.bin %> backup create --env demo"];
  static override flags = { ...environmentFlag };

  async run(): Promise<BackupCreateReport> {
    const { flags } = await this.parse(BackupCreate);
    const { environment } = await this.openLocalSession(flags.env);
    const [{ createBackup }, { withRolloutLock }, { bytes }] = await Promise.all([
      import("../../../infra/local/operations/backups.ts"),
      import("../../adapters/rollout-lock.ts"),
      import("../../render/numbers.ts"),
    ]);
    const backup = await withRolloutLock(environment.paths.root, "backup create", () => createBackup(environment));
    this.log(`${backup.id} (${bytes(backup.sizeBytes)})`);
    return { schema: "shopctl.backup.create/1", environment: environment.name, backup };
  }
}
