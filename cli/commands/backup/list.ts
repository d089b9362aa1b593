import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { BackupFile } from "../../../infra/local/backup/backup-files.ts";

interface BackupListReport {
  readonly schema: "shopctl.backup.list/1";
  readonly environment: string;
  /** Newest first. */
  readonly backups: readonly BackupFile[];
}

/** Backups that can be restored. */
export default class BackupList extends ShopctlCommand {
  static override summary = "List the backups of an environment's database, newest first";
  static override examples = ["<%= config.bin %> backup list --env demo"];
  static override flags = { ...environmentFlag };

  async run(): Promise<BackupListReport> {
    const { flags } = await this.parse(BackupList);
    const { environment } = await this.openLocalSession(flags.env);
    const { listBackups } = await import("../../../infra/local/operations/backups.ts");
    const backups = await listBackups(environment);
    if (!this.jsonEnabled()) {
      const { renderBackups } = await import("../../render/backups.ts");
      this.log(renderBackups(backups, environment.name));
    }
    return { schema: "shopctl.backup.list/1", environment: environment.name, backups };
  }
}
