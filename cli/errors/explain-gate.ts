import { isDeployMove } from "../planning/deploy-moves.ts";
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
  const ends = {
    done: `${subject} ${stage}; the environment is back on the topology before`,
    failed: `${subject} ${stage}, and going back failed too`,
    impossible: `${subject} ${stage} past its point of no return, so it stays`,
  };
  const again = isDeployMove(failure.step)
    ? `shopctl ${failure.command}`
    : `shopctl scale ${failure.direction} ${env} --step ${failure.step}`;
  const back = failure.wayBack === "done";
  return {
    exit: back ? "gate-failed" : "deployment-failed",
    message: ends[failure.wayBack],
    why: [...failure.reasons, `recorded in ${failure.record}`],
    nextActions: back
      ? [`shopctl scale history ${env}`, `shopctl logs ${env}`, again]
      : [`shopctl scale status ${env}`, `shopctl logs ${env}`, `${again}   (picks the run up)`],
  };
}
