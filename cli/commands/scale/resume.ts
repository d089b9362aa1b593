import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { PauseReport } from "../../rollout/pause-report.ts";

/** Lets a paused rollout go on. */
export default class ScaleResume extends ShopctlCommand {
  static override summary = "Let a paused rollout go on";
  static override description =
    "A rollout that still waits goes on by itself. Of one that was killed while it was paused, the command to go on with is printed.";
  static override examples = ["<%= config.bin %> scale resume --env demo"];
  static override flags = { ...environmentFlag };

  async run(): Promise<PauseReport> {
    const { flags } = await this.parse(ScaleResume);
    const session = await this.openSession(flags.env);
    const { resumeRollout } = await import("../../rollout/pause-report.ts");
    const report = await resumeRollout(session);
    this.log(report.state === "resumed" ? `${report.command} goes on` : "no longer paused; its process is gone");
    this.log(`next: ${report.nextActions[0] ?? ""}`);
    return report;
  }
}
