import type { PlanRefusal } from "../planning/refusal.ts";
import type { Explanation } from "./explanation.ts";
import { known } from "./wording.ts";

/** Why a plan is refused, and the command that would be taken. */
export function explainRefusal(environment: string, refusal: PlanRefusal): Explanation {
  switch (refusal.kind) {
    case "no-such-step":
      return {
        exit: "no-such-step",
        message: `No step "${refusal.step}"`,
        why: [known("steps", refusal.known)],
        nextActions: [`shopctl scale status --env ${environment}`],
      };
    case "no-such-phase":
      return {
        exit: "no-such-step",
        message: `No phase ${refusal.phase}`,
        why: [known("phases", refusal.known.map(String))],
        nextActions: [`shopctl scale status --env ${environment}`],
      };
    case "blocked":
      return {
        exit: "policy",
        message: `${refusal.step} is blocked by ${refusal.by.map(({ step }) => step).join(", ")}`,
        why: refusal.by.map(({ because }) => because),
        nextActions: [
          `shopctl scale apply --env ${environment} ${[...refusal.by, refusal].map(({ step }) => `--step ${step}`).join(" ")}`,
        ],
      };
    case "no-return":
      return {
        exit: "policy",
        message: `${refusal.step} cannot be taken back`,
        why: [refusal.because],
        nextActions: [`shopctl backup list --env ${environment}`, `shopctl scale status --env ${environment}`],
      };
    case "not-done":
      return {
        exit: "policy",
        message: `${refusal.step} is not done, so there is no way back to it`,
        why: [],
        nextActions: [`shopctl scale status --env ${environment}`],
      };
    case "needed":
      return {
        exit: "policy",
        message: `${refusal.step} is needed by ${refusal.by.map(({ step }) => step).join(", ")}`,
        why: refusal.by.map(({ because }) => because),
        nextActions: [
          `shopctl scale rollback --env ${environment} ${[...refusal.by, refusal].map(({ step }) => `--step ${step}`).join(" ")}`,
        ],
      };
    default:
      throw new TypeError(`a refusal of no kind: ${JSON.stringify(refusal satisfies never)}`);
  }
}
