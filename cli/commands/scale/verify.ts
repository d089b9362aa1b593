import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { VerifyReport } from "../../rollout/verify-report.ts";

/** Whether the host is as the topology says. */
export default class ScaleVerify extends ShopctlCommand {
  static override summary = "Prove on the host that done steps work, and that the others are really not there";
  static override description = "Exits with 21 when a proof does not hold.";
  static override examples = [
    "<%= config.bin %> scale verify --env demo",
    "<%= config.bin %> scale verify --step cache-redis --json",
  ];
  static override flags = {
    ...environmentFlag,
    step: Flags.string({ description: "only this step; may be given several times", multiple: true, helpValue: "ID" }),
  };

  async run(): Promise<VerifyReport> {
    const { flags } = await this.parse(ScaleVerify);
    const session = await this.openSession(flags.env);
    const { verifyReport } = await import("../../rollout/verify-report.ts");
    const report = await verifyReport(session, flags.step);
    if (!this.jsonEnabled()) {
      const { renderVerify } = await import("../../render/verify.ts");
      this.log(renderVerify(report));
    }
    if (!report.ok) this.finishWith("verification-failed");
    return report;
  }
}
