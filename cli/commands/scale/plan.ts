import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { selectionFlags, selectionOf, wordsOf } from "../../step-flags.ts";
import type { PlanReport } from "../../rollout/plan-report.ts";

/** What applying steps would change, cost and risk; changes nothing. */
export default class ScalePlan extends ShopctlCommand {
  static override summary = "Preview steps: resources, cost per month, interruption and risk";
  static override description =
    "Each step is previewed by the engine against what runs now. Nothing is changed, nothing is locked. A saved plan is bound to what it follows from: shopctl's and the release's code, the stack's state, the topology, the shop's metrics and the prices.";
  static override examples = [
    "<%= config.bin %> scale plan --env demo --phase 1",
    "<%= config.bin %> scale plan --step connection-pooler --step database-paid --json",
    "<%= config.bin %> scale plan --phase 1 --out plan.json",
    { description: "Fail in CI when there is something to apply", command: "<%= config.bin %> scale plan --exit-code" },
  ];
  static override flags = {
    ...environmentFlag,
    ...selectionFlags,
    out: Flags.string({
      description: "save the plan (mode 600), for `scale apply --plan`",
      helpValue: "FILE",
    }),
    "exit-code": Flags.boolean({ description: "exit with 24 when the plan has steps" }),
  };

  async run(): Promise<PlanReport> {
    const { flags } = await this.parse(ScalePlan);
    await this.requireOutput("--out", flags.out);
    const session = await this.openSession(flags.env);
    const [{ plannedFrom }, { planSteps }, { acceptedPlan }, { planReport }] = await Promise.all([
      import("../../rollout/running-topology.ts"),
      import("../../planning/plan-steps.ts"),
      import("../../errors/accepted-plan.ts"),
      import("../../rollout/plan-report.ts"),
    ]);
    const { name } = session.environment;
    const selection = selectionOf(flags);
    const topology = await plannedFrom(session);
    const plan = acceptedPlan(planSteps(topology, selection, session.priceOf), name);
    const { bindPlan, savePlan } = await import("../../rollout/save-plan.ts");
    const boundTo =
      flags.out === undefined ? undefined : await bindPlan(session, topology, plan, (line) => this.say(line));
    const wanted = flags.out === undefined ? wordsOf(selection) : `--plan ${flags.out}`;
    const report = await planReport(session, topology, plan, {
      onPreview: ({ id }) => this.say(`previewing ${id} …`),
      applyCommand: `shopctl scale apply --env ${name} ${wanted}`,
    });
    if (flags.out !== undefined && boundTo !== undefined) await savePlan(flags.out, report, boundTo);
    if (!this.jsonEnabled()) {
      const { renderPlan } = await import("../../render/plan.ts");
      this.log(renderPlan(report));
    }
    if (flags["exit-code"] && report.steps.length > 0) this.finishWith("changes-pending");
    return report;
  }
}
