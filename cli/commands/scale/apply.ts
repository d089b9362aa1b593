import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { selectionFlags, selectionOf, windowFlag, wordsOf } from "../../step-flags.ts";
import type { RolloutReport, RunOptions } from "../../rollout/run-steps.ts";
import type { StepPlan } from "../../planning/plan-steps.ts";
import type { Session } from "../../adapters/session.ts";
import type { Topology } from "../../../infra/topology/topology.ts";

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
    { description: "The whole road from wherever it stands", command: "<%= config.bin %> scale apply --to 3" },
    "<%= config.bin %> scale apply --plan plan.json",
    { description: "Without a prompt, in CI", command: "<%= config.bin %> scale apply --phase 1 --yes --json" },
  ];
  static override flags = {
    ...environmentFlag,
    // Before those that it excludes: oclif groups them by the first, and the usage stays flat.
    plan: Flags.string({
      description: "only what this saved plan has; refused (exit 25) when anything that it is bound to has moved",
      helpValue: "FILE",
      exclusive: ["phase", "to", "step"],
    }),
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
    const { runConfirmed } = await import("../../rollout/run-confirmed.ts");
    const { session, from, plan, ...options } =
      flags.plan === undefined ? await this.#selected(flags) : await this.#saved(flags.plan, flags.env);
    const report = await runConfirmed(session, from, plan, {
      direction: "apply",
      ...options,
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

  async #selected(flags: {
    readonly env: string | undefined;
    readonly phase?: number | undefined;
    readonly to?: number | undefined;
    readonly step?: readonly string[] | undefined;
  }): Promise<Wanted> {
    const session = await this.openSession(flags.env);
    const [{ plannedFrom }, { planSteps }, { acceptedPlan }] = await Promise.all([
      import("../../rollout/running-topology.ts"),
      import("../../planning/plan-steps.ts"),
      import("../../errors/accepted-plan.ts"),
    ]);
    const { name } = session.environment;
    const selection = selectionOf(flags);
    const from = await plannedFrom(session);
    const plan = acceptedPlan(planSteps(from, selection, session.priceOf), name);
    return { session, from, plan, command: `scale apply --env ${name} ${wordsOf(selection)}` };
  }

  async #saved(file: string, env: string | undefined): Promise<Wanted> {
    const { loadPlan, readPlanFile } = await import("../../rollout/load-plan.ts");
    const content = await readPlanFile(file);
    const session = await this.openSession(env ?? content.environment);
    const loaded = await loadPlan(session, { file, content, say: (line) => this.say(line) });
    return { session, ...loaded, command: `scale apply --env ${session.environment.name} --plan ${file}` };
  }
}

/** What is to be carried out, and the command that asks for it. */
interface Wanted extends Pick<RunOptions, "command" | "admit"> {
  readonly session: Session;
  readonly from: Topology;
  readonly plan: StepPlan;
}
