import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { nameArgument } from "../../name-or-flag.ts";
import type { ShowReport } from "../../rollout/show-report.ts";

/** What runs in an environment, as it is on the host. */
export default class EnvShow extends ShopctlCommand {
  static override summary = "Show what runs in an environment: processes, limits, database, cache, cost";
  static override examples = ["<%= config.bin %> env show demo", "<%= config.bin %> env show --json"];
  static override args = nameArgument;
  static override flags = { ...environmentFlag };

  async run(): Promise<ShowReport> {
    const { args, flags } = await this.parse(EnvShow);
    const session = await this.openSession(args.name ?? flags.env);
    const { showReport } = await import("../../rollout/show-report.ts");
    const report = await showReport(session);
    if (!this.jsonEnabled()) {
      const { renderEnvironment } = await import("../../render/environment.ts");
      this.log(renderEnvironment(report));
    }
    return report;
  }
}
