import { resolve } from "node:path";
import { writeDurably } from "../../infra/engine/write-durably.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { readBinding } from "../adapters/read-binding.ts";
import type { Session } from "../adapters/session.ts";
import type { PlanBinding } from "../planning/plan-binding.ts";
import type { StepPlan } from "../planning/plan-steps.ts";
import { sealPlan } from "../planning/saved-plan.ts";
import { advise } from "./advise.ts";
import type { PlanReport } from "./plan-report.ts";
import { refuseUnfinished } from "./unfinished-run.ts";

/** What the shop says of a plan's steps now. */
export async function readMetrics(
  session: Session,
  topology: Topology,
  steps: readonly { readonly id: string }[],
  say: (line: string) => void,
): Promise<PlanBinding["metrics"]> {
  const advice = await advise(session, topology, { say });
  const planned = advice.steps.filter(({ id }) => steps.some((step) => step.id === id));
  return { takenAt: advice.generatedAt, verdicts: Object.fromEntries(planned.map(({ id, verdict }) => [id, verdict])) };
}

/** Binds a plan to everything that it follows from; call it before the previews, so that what moves during them counts. */
export async function bindPlan(
  session: Session,
  from: Topology,
  plan: StepPlan,
  say: (line: string) => void,
): Promise<PlanBinding> {
  await refuseUnfinished(session);
  const metrics = await readMetrics(session, from, plan.steps, say);
  return { ...(await readBinding(session, { now: from, after: plan.steps.at(-1)?.after ?? from })), metrics };
}

/** Writes what was planned to a file (mode 600). */
export async function savePlan(file: string, report: PlanReport, boundTo: PlanBinding): Promise<void> {
  const text = sealPlan({
    environment: report.environment,
    createdAt: new Date().toISOString(),
    steps: report.steps.map(({ id, before, after, usdPerMonthBefore, usdPerMonthAfter, resources }) => ({
      id,
      before,
      after,
      usdPerMonthBefore,
      usdPerMonthAfter,
      resources: resources.map(({ operation, type, name, changedKeys }) => ({
        operation,
        type,
        name,
        changedKeys: [...changedKeys],
      })),
    })),
    boundTo,
  });
  await writeDurably(resolve(file), text);
}
