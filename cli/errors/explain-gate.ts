import type { Explanation } from "./explanation.ts";
import type { Failure } from "./failure.ts";

/** How a step failed, and where the environment stands after going back. */
export function explainGate(failure: Extract<Failure, { code: "gate-failed" }>): Explanation {
  const env = `--env ${failure.environment}`;
  const stage = {
    preview: "could not be previewed",
    up: "could not be applied",
    verify: "did not prove to work",
    gate: "failed its gate",
  }[failure.stage];
  const subject = failure.direction === "apply" ? failure.step : `rollback of ${failure.step}`;
  return {
    exit: failure.rolledBack ? "gate-failed" : "deployment-failed",
    message: failure.rolledBack
      ? `${subject} ${stage}; the environment is back on the topology before`
      : `${subject} ${stage}, and going back failed too`,
    why: [...failure.reasons, `recorded in ${failure.record}`],
    nextActions: failure.rolledBack
      ? [`shopctl scale history ${env}`, `shopctl logs ${env}`, `shopctl scale apply ${env} --step ${failure.step}`]
      : [
          `shopctl scale status ${env}`,
          `shopctl logs ${env}`,
          `shopctl scale apply ${env} --step ${failure.step}   (picks the run up)`,
        ],
  };
}
