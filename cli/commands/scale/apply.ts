import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { selectionFlags, selectionOf, windowFlag, wordsOf } from "../../step-flags.ts";
import type { RolloutReport } from "../../rollout/run-steps.ts";

/** Applies steps under traffic, each gated, each rolled back by itself when its gate fails. */
export default class ScaleApply extends ShopctlCommand {
  static override summary = "Apply steps under live traffic, each with a gate that takes it back when it fails";
  static override description = `Each step is previewed, applied, proven by facts on the host, and watched under traffic: no failed request from
its start to the end of its gate (no larger share than before, where some failed before), p95 within 2 s (or a quarter
over what it was before), no restart that is not part of it. With too few
shoppers shopctl sends browse requests of its own and says so; a gate that still cannot tell asks on a terminal and takes
the step back elsewhere. A step that cannot be taken back says so and asks before it begins, --yes or not. A step that fails goes back to the topology before and
ends the run with exit 11. A run that was killed is taken over by the next.`;
  static override examples = [
    "<%= config.bin %> scale apply --env demo --phase 1",
    "<%= config.bin %> scale apply --step connection-pooler",
    { description: "Without a prompt, in CI", command: "<%= config.bin %> scale apply --phase 1 --yes --json" },
  ];
  static override flags = {
    ...environmentFlag,
    ...selectionFlags,
    ...windowFlag,
    "accept-no-return": Flags.string({
      description: "cross the point of no return of this step without asking; may be given several times",
      multiple: true,
      helpValue: "STEP",
    }),
    yes: Flags.boolean({ char: "y", description: "apply without asking" }),
  };

  async run(): Promise<RolloutReport> {
    const { flags } = await this.parse(ScaleApply);
    const session = await this.openSession(flags.env);
    const [{ runningTopology }, { planSteps }, { acceptedPlan }, { runConfirmed }] = await Promise.all([
      import("../../rollout/running-topology.ts"),
      import("../../planning/plan-steps.ts"),
      import("../../errors/accepted-plan.ts"),
      import("../../rollout/run-confirmed.ts"),
    ]);
    const selection = selectionOf(flags);
    const topology = await runningTopology(session);
    const plan = acceptedPlan(planSteps(topology, selection), session.environment.name);
    const command = `scale apply --env ${session.environment.name} ${wordsOf(selection)}`;
    const report = await runConfirmed(session, topology, plan, {
      direction: "apply",
      command,
      windowSeconds: flags.window,
      yes: flags.yes,
      ...(flags["accept-no-return"] === undefined ? {} : { acceptNoReturn: flags["accept-no-return"] }),
    });
    if (!this.jsonEnabled()) {
      const { renderRollout } = await import("../../render/rollout.ts");
      this.log(renderRollout(report));
    }
    return report;
  }
}
