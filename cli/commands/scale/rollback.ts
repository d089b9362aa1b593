import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { windowFlag } from "../../step-flags.ts";
import type { RolloutReport } from "../../rollout/run-steps.ts";

/** Takes steps back under traffic, with the same gate as going forth. */
export default class ScaleRollback extends ShopctlCommand {
  static override summary = "Take a step back under live traffic, with the same gate as applying it";
  static override description = `A step that another done step needs is refused, and the refusal names the command that takes both. No data is lost:
orders and accounts stay where they are.`;
  static override examples = [
    "<%= config.bin %> scale rollback --env demo --last",
    "<%= config.bin %> scale rollback --step cache-redis --yes",
  ];
  static override flags = {
    ...environmentFlag,
    step: Flags.string({
      description: "a done step; may be given several times, in order",
      multiple: true,
      helpValue: "ID",
      exclusive: ["last"],
    }),
    last: Flags.boolean({ description: "the step that was applied last [default]" }),
    ...windowFlag,
    yes: Flags.boolean({ char: "y", description: "roll back without asking" }),
  };

  async run(): Promise<RolloutReport> {
    const { flags } = await this.parse(ScaleRollback);
    const session = await this.openSession(flags.env);
    const [{ runningTopology }, { planRollback }, { acceptedPlan }, { runConfirmed }, { lastApplied }] =
      await Promise.all([
        import("../../rollout/running-topology.ts"),
        import("../../planning/plan-steps.ts"),
        import("../../errors/accepted-plan.ts"),
        import("../../rollout/run-confirmed.ts"),
        import("../../rollout/last-applied.ts"),
      ]);
    const topology = await runningTopology(session);
    const steps = flags.step ?? (await lastApplied(session, topology));
    const plan = acceptedPlan(planRollback(topology, { steps }), session.environment.name);
    const words = steps.map((id) => `--step ${id}`).join(" ");
    const command = `scale rollback --env ${session.environment.name} ${words}`;
    const report = await runConfirmed(session, topology, plan, {
      direction: "rollback",
      command,
      windowSeconds: flags.window,
      yes: flags.yes,
    });
    if (!this.jsonEnabled()) {
      const { renderRollout } = await import("../../render/rollout.ts");
      this.log(renderRollout(report));
    }
    return report;
  }
}
