import type { DeployReport } from "../rollout/deploy.ts";
import { renderRecords } from "./rollout.ts";
import { style } from "./style.ts";

/** What a deployment did. */
export function renderDeployment(report: DeployReport): string {
  const { environment, from, to, steps, takenOver } = report;
  const canary = steps.find((step) => step.canary !== undefined)?.canary;
  return [
    ...(takenOver === undefined ? [] : [`took over a run that ended in the middle of ${takenOver.step}`]),
    ...(steps.length === 0 ? [`${to} runs already.`] : [renderRecords(steps), `  release ${from} → ${to}`]),
    ...(canary === undefined ? [] : [`  the canary answered ${canary.requests} requests, ${canary.failed} wrongly`]),
    style.dim(`next: shopctl scale history --env ${environment}`),
  ].join("\n");
}
