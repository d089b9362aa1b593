import { environmentFlag, ShopctlCommand } from "../command.ts";
import type { DriftReport } from "../rollout/drift-report.ts";

/** What is not as the stack has it. */
export default class Drift extends ShopctlCommand {
  static override summary = "Compare what runs with the stack, and touch nothing";
  static override description = `Reads every resource by a refresh in preview: processes, ports, limits, configuration files and what is in force
of them, settings, roles and passwords of the database, the router's servers; and looks for what no resource owns. Serious
is what shoppers, data or security depend on, now or at the next restart; then the exit code is 7. Harmless differences
alone, and none, are 0.`;
  static override examples = ["<%= config.bin %> drift --env demo", "<%= config.bin %> drift --json"];
  static override flags = { ...environmentFlag };

  async run(): Promise<DriftReport> {
    const { flags } = await this.parse(Drift);
    const session = await this.openSession(flags.env);
    const { driftReport } = await import("../rollout/drift-report.ts");
    const report = await driftReport(session);
    if (!this.jsonEnabled()) {
      const { renderDrift } = await import("../render/drift.ts");
      this.log(renderDrift(report));
    }
    if (report.verdict === "serious") this.finishWith("unexpected-changes");
    return report;
  }
}
