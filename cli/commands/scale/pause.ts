import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { PauseReport } from "../../rollout/pause-report.ts";

/** Asks a rollout in another terminal to hold. */
export default class ScalePause extends ShopctlCommand {
  static override summary = "Ask the running rollout to hold after the step at work";
  static override description =
    "The step at work is finished with its gate; the rollout then waits. It stays paused when its process is killed: nothing is rolled out until `scale resume`.";
  static override examples = ["<%= config.bin %> scale pause --env demo"];
  static override flags = { ...environmentFlag };

  async run(): Promise<PauseReport> {
    const { flags } = await this.parse(ScalePause);
    const session = await this.openSession(flags.env);
    const { pauseRollout } = await import("../../rollout/pause-report.ts");
    const report = await pauseRollout(session);
    this.log(`${report.command} holds after its step\nnext: ${report.nextActions[0] ?? ""}`);
    return report;
  }
}
