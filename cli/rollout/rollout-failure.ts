import type { Failure } from "../errors/failure.ts";
import { fromReason } from "../errors/from-reason.ts";
import { isDeployMove } from "../planning/deploy-moves.ts";
import type { Execution } from "./execute-plan.ts";
import type { StepRecord } from "./step-record.ts";

/** What an execution that did not end well is to the user; undefined when every step is done. */
export function rolloutFailure(
  execution: Execution,
  environment: string,
  options: { readonly command: string; readonly recordFile: (record: StepRecord) => string },
): Failure | undefined {
  const last = execution.records.at(-1);
  if (last === undefined || last.state === "done") return undefined;
  if (last.state === "stopped") {
    return {
      code: "stopped",
      signal: execution.stoppedBy ?? "SIGTERM",
      environment,
      during: `${last.direction === "apply" ? "step" : "rollback of"} ${last.step} (${last.stage})`,
      next: [
        ...(execution.isPaused ? [`shopctl scale resume --env ${environment}   (first: it is paused)`] : []),
        `shopctl ${options.command}   (goes on)`,
        ...(last.direction === "rollback" ? [] : [`${wayBack(last, environment)}   (takes it back)`]),
        `shopctl scale status --env ${environment}`,
      ],
    };
  }
  const reasons = last.reasons ?? [];
  const cause = fromReason(reasons[0] ?? "", environment);
  // Going back was clean, so a full disk or a taken port is the better word than a failed gate.
  if (last.state === "returned" && cause.code !== "deployment-failed") return cause;
  if (last.state === "returned" && failedStage(last) === "preview") {
    return {
      code: "deployment-failed",
      environment,
      during: `the preview of ${last.step}`,
      reason: reasons.join("\n"),
    };
  }
  return {
    code: "gate-failed",
    environment,
    step: last.step,
    direction: last.direction,
    stage: failedStage(last),
    reasons: [...reasons, ...canaryWords(last)],
    wayBack: last.state === "returned" ? "done" : last.pointOfNoReturn === undefined ? "failed" : "impossible",
    command: options.command,
    record: options.recordFile(last),
  };
}

function wayBack({ step }: StepRecord, environment: string): string {
  return `shopctl ${isDeployMove(step) ? "deploy" : "scale"} rollback --env ${environment}`;
}

function canaryWords({ canary }: StepRecord): readonly string[] {
  return canary === undefined
    ? []
    : [`the canary answered ${canary.requests} requests, ${canary.failed} of them wrongly`];
}

/** The stage before the way back. */
function failedStage({ stage, gate, proofs }: StepRecord): "preview" | "up" | "verify" | "gate" {
  if (stage !== "back") return stage;
  if (gate !== undefined) return "gate";
  return proofs === undefined ? "up" : "verify";
}
