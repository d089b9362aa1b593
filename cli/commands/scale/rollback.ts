import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { windowFlag } from "../../step-flags.ts";
import type { RolloutReport } from "../../rollout/run-steps.ts";

/** Takes steps back under traffic, with the same gate as going forth. */
export default class ScaleRollback extends ShopctlCommand {
  static override summary = "Take steps back under live traffic, with the same gate as applying them";
  static override description = `With --to the done steps after a step or phase are taken back one at a time, the last first; the plan is shown before.
A rollback that was killed goes on when it is run again. A step that another done step needs is refused, and the refusal names the command that takes both. No data is lost:
orders and accounts stay where they are.`;
  static override examples = [
    "<%= config.bin %> scale rollback --env demo --last",
    "<%= config.bin %> scale rollback --step cache-redis --yes",
    { description: "All the way back to the baseline", command: "<%= config.bin %> scale rollback --to 0" },
  ];
  static override flags = {
    ...environmentFlag,
    step: Flags.string({
      description: "a done step; may be given several times, in order",
      multiple: true,
      helpValue: "ID",
      exclusive: ["last", "to"],
    }),
    to: Flags.string({
      description: "walk back until this step or phase is the last one left; 0 for the baseline",
      helpValue: "STEP|PHASE|0",
      exclusive: ["last"],
    }),
    last: Flags.boolean({ description: "the step that was left in the middle, or else applied last [default]" }),
    ...windowFlag,
    yes: Flags.boolean({ char: "y", description: "roll back without asking" }),
  };

  async run(): Promise<RolloutReport> {
    const { flags } = await this.parse(ScaleRollback);
    const session = await this.openSession(flags.env);
    const [{ plannedFrom }, { planRollback }, { acceptedPlan, acceptedWay }, { runConfirmed }, { lastApplied }] =
      await Promise.all([
        import("../../rollout/running-topology.ts"),
        import("../../planning/plan-steps.ts"),
        import("../../errors/accepted-plan.ts"),
        import("../../rollout/run-confirmed.ts"),
        import("../../rollout/last-applied.ts"),
      ]);
    const topology = await plannedFrom(session);
    const { name } = session.environment;
    const steps =
      flags.to === undefined
        ? (flags.step ?? (await lastApplied(session, topology)))
        : acceptedWay(topology, flags.to, name);
    const plan = acceptedPlan(planRollback(topology, { steps }, session.priceOf), name);
    const words = flags.to === undefined ? steps.map((id) => `--step ${id}`).join(" ") : `--to ${flags.to}`;
    const command = `scale rollback --env ${name} ${words}`;
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
