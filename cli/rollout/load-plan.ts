import { readFile } from "node:fs/promises";
import type { Topology } from "../../infra/topology/topology.ts";
import { readBinding } from "../adapters/read-binding.ts";
import type { Session } from "../adapters/session.ts";
import { acceptedPlan } from "../errors/accepted-plan.ts";
import { FailureError } from "../errors/failure.ts";
import { movedBetween, type MovedBinding } from "../planning/plan-binding.ts";
import { planSteps, type StepPlan } from "../planning/plan-steps.ts";
import { openPlan, type PlanContent } from "../planning/saved-plan.ts";
import { runningTopology } from "./running-topology.ts";
import { readMetrics } from "./save-plan.ts";
import { refuseUnfinished } from "./unfinished-run.ts";

/** Reads a saved plan. Throws FailureError `configuration` for a file that is none or was changed. */
export async function readPlanFile(file: string): Promise<PlanContent> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw badPlan(file, error instanceof Error ? error.message : String(error));
  });
  const opened = openPlan(text);
  if (opened.ok) return opened.content;
  throw badPlan(file, opened.why);
}

/**
 * The plan of a file, if nothing that it is bound to has moved. Throws FailureError `plan-stale` with what moved; `admit`
 * asks the same once more, its evidence aside, under the lock.
 */
export async function loadPlan(
  session: Session,
  {
    file,
    content,
    say,
  }: { readonly file: string; readonly content: PlanContent; readonly say: (line: string) => void },
): Promise<{ readonly from: Topology; readonly plan: StepPlan; readonly admit: () => Promise<void> }> {
  const { name } = session.environment;
  if (content.environment !== name) throw badPlan(file, `it is of environment "${content.environment}"`);
  const refuse = (moved: readonly MovedBinding[]): void => {
    if (moved.length === 0) return;
    const steps = content.steps.map(({ id }) => `--step ${id}`).join(" ");
    const next = [`shopctl scale plan --env ${name} ${steps} --out ${file}`];
    throw new FailureError({ code: "plan-stale", environment: name, file, moved, next });
  };
  await refuseUnfinished(session);
  const admit = async (): Promise<void> => refuse(await movedNow(session, content));
  await admit();
  const from = await runningTopology(session);
  const metrics = await readMetrics(session, from, content.steps, say);
  refuse(movedBetween(content.boundTo, { ...content.boundTo, metrics }));
  const plan = acceptedPlan(planSteps(from, { steps: content.steps.map(({ id }) => id) }, session.priceOf), name);
  return { from, plan, admit };
}

async function movedNow(session: Session, { boundTo, steps }: PlanContent): Promise<readonly MovedBinding[]> {
  const now = await runningTopology(session);
  return movedBetween(boundTo, await readBinding(session, { now, after: steps.at(-1)?.after ?? now }));
}

function badPlan(file: string, why: string): FailureError {
  return new FailureError({
    code: "configuration",
    what: `${file} is no plan that can be applied`,
    why,
    next: ["shopctl scale plan --out FILE"],
  });
}
