import type { PlannedStep } from "../planning/plan-steps.ts";
import type { GateDecision } from "../rollout/step-record.ts";
import { FailureError } from "../errors/failure.ts";
import { canAsk, confirmYes } from "./confirm.ts";

/** Asks what becomes of a step whose gate is inconclusive; where nobody can be asked it is taken back. */
export async function askAboutStep(
  step: PlannedStep,
  reasons: readonly string[],
): Promise<Pick<GateDecision, "choice" | "by">> {
  if (!canAsk()) return { choice: "roll-back", by: "rule" };
  const { select, isCancel } = await import("@clack/prompts");
  const answer = await select<GateDecision["choice"]>({
    message: `The gate of ${step.id} cannot tell (${reasons.join("; ")}). What now?`,
    output: process.stderr,
    options: [
      { value: "wait-more", label: "watch one more window" },
      { value: "keep", label: "keep the step" },
      ...(step.pointOfNoReturn === undefined ? [{ value: "roll-back" as const, label: "take the step back" }] : []),
    ],
  });
  // Who leaves the question has not agreed to keep the step.
  return { choice: isCancel(answer) ? "roll-back" : answer, by: "person" };
}

/** Asks before a point of no return, unless `accepted` names the step. Throws FailureError `not-confirmed`. */
export async function confirmNoReturn(
  step: PlannedStep,
  options: { readonly accepted: readonly string[]; readonly command: string },
): Promise<void> {
  if (options.accepted.includes(step.id)) return;
  const what = `Cross the point of no return of ${step.id} (${step.pointOfNoReturn ?? ""})`;
  const confirmWith = `shopctl ${options.command} --accept-no-return ${step.id}`;
  if (!canAsk()) throw new FailureError({ code: "not-confirmed", what, confirmWith });
  await confirmYes({ what, confirmWith });
}
