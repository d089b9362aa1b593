import type { Topology } from "../../infra/topology/topology.ts";
import { confirmYes } from "../adapters/confirm.ts";
import { lockHolder } from "../adapters/rollout-lock.ts";
import type { Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";
import type { StepPlan } from "../planning/plan-steps.ts";
import { renderShortPlan } from "../render/plan.ts";
import { runSteps, type RolloutReport, type RunOptions } from "./run-steps.ts";

/** Shows a plan in short, asks unless `yes`, and carries it out. */
export async function runConfirmed(
  session: Session,
  from: Topology,
  plan: StepPlan,
  options: RunOptions & {
    readonly yes: boolean;
    /** The question, and what is shown before it, where the plan is not one of steps. */
    readonly what?: string;
    readonly shown?: string;
  },
): Promise<RolloutReport> {
  const { name, paths } = session.environment;
  // Somebody at work is worth knowing before the question, not after it.
  const holder = await lockHolder(paths.root);
  if (holder?.alive === true) throw new FailureError({ code: "locked", environment: name, holder });
  if (plan.steps.length > 0) {
    process.stderr.write(`${options.shown ?? renderShortPlan(plan)}\n`);
    const what = options.what ?? (options.direction === "apply" ? `Apply to "${name}"` : `Roll back on "${name}"`);
    if (!options.yes) await confirmYes({ what, confirmWith: `shopctl ${options.command} --yes` });
  }
  return await runSteps(session, from, plan, options);
}
