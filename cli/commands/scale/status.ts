import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { StatusReport } from "../../rollout/status-report.ts";

/** Which steps are done, what they cost, and whether a run is at work. */
export default class ScaleStatus extends ShopctlCommand {
  static override summary = "Show which steps are done, what that costs, and what comes next";
  static override examples = ["<%= config.bin %> scale status --env demo", "<%= config.bin %> scale status --json"];
  static override flags = { ...environmentFlag };

  async run(): Promise<StatusReport> {
    const { flags } = await this.parse(ScaleStatus);
    const session = await this.openSession(flags.env);
    const { statusReport } = await import("../../rollout/status-report.ts");
    const report = await statusReport(session);
    if (!this.jsonEnabled()) {
      const { renderStatus } = await import("../../render/status.ts");
      this.log(renderStatus(report));
    }
    return report;
  }
}
