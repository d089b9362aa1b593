import { explainGate } from "./explain-gate.ts";
import { explainRefusal } from "./explain-refusal.ts";
import type { Explanation } from "./explanation.ts";
import type { Failure } from "./failure.ts";
import { explainMissingState } from "./explain-missing-state.ts";
import { holderText, known, lastResort } from "./wording.ts";

/** Says what, why and the next command for every failure. */
export function explain(failure: Failure): Explanation {
  switch (failure.code) {
    case "configuration":
    case "authentication":
    case "policy":
    case "insufficient-evidence":
      return { exit: failure.code, message: failure.what, why: [failure.why], nextActions: failure.next };
    case "bad-topology":
      return {
        exit: "configuration",
        message: `${failure.file} is not a topology`,
        why: failure.issues,
        nextActions: ["shopctl env create --help"],
      };
    case "which-environment":
      return whichEnvironment(failure.known);
    case "no-such-environment":
      return {
        exit: failure.code,
        message: `No environment "${failure.environment}"`,
        why: [known("environments", failure.known)],
        nextActions: ["shopctl env list", `shopctl env create ${failure.environment}`],
      };
    case "already-exists":
      return {
        exit: failure.code,
        message: `Environment "${failure.environment}" exists`,
        why: [],
        nextActions: [
          `shopctl env show --env ${failure.environment}`,
          `shopctl env destroy --env ${failure.environment}`,
        ],
      };
    case "refused":
      return explainRefusal(failure.environment, failure.refusal);
    case "deployment-failed":
      return {
        exit: failure.code,
        message: `Environment "${failure.environment}": ${failure.during} failed`,
        why: [failure.reason],
        nextActions: [`shopctl scale status --env ${failure.environment}`, `shopctl logs --env ${failure.environment}`],
      };
    case "unexpected-changes":
      return {
        exit: failure.code,
        message: `Environment "${failure.environment}" would change where nothing should`,
        why: [failure.reason],
        nextActions: [`shopctl scale plan --env ${failure.environment}`],
      };
    case "metrics-unreachable":
      return {
        exit: "insufficient-evidence",
        message: "The metrics cannot be read",
        why: [failure.why],
        nextActions: [`shopctl scale recommend --env ${failure.environment}`, "shopctl doctor"],
      };
    case "not-confirmed":
      return {
        exit: "cancelled",
        message: `${failure.what}: not confirmed, nothing was done`,
        why: [],
        nextActions: [failure.confirmWith],
      };
    case "timeout":
      return {
        exit: failure.code,
        message: `${failure.what} took longer than ${failure.afterMs} ms`,
        why: [],
        nextActions: ["shopctl doctor"],
      };
    case "gate-failed":
      return explainGate(failure);
    case "verification-failed":
      return {
        exit: failure.code,
        message: `Environment "${failure.environment}" is not as its topology says`,
        why: failure.failed,
        nextActions: [`shopctl env show --env ${failure.environment}`, `shopctl logs --env ${failure.environment}`],
      };
    case "locked":
      return {
        exit: failure.code,
        message: `Another shopctl is at work on "${failure.environment}"`,
        why: [holderText(failure.holder)],
        nextActions: [
          "wait until it is done, then run the command again",
          `shopctl scale status --env ${failure.environment}`,
          ...(failure.holder?.command.startsWith("pulumi of") === true || failure.holder?.host !== undefined
            ? [`shopctl recover --env ${failure.environment}   (only when that one is gone: frees its lock)`]
            : []),
        ],
      };
    case "plan-stale":
      return {
        exit: failure.code,
        message: `${failure.file} no longer holds: ${[...new Set(failure.moved.map(({ what }) => what))].join(", ")} moved; nothing was done`,
        why: failure.moved.map(({ what, was, is }) => `${what}: planned on "${was}", now "${is}"`),
        nextActions: failure.next,
      };
    case "paused":
      return {
        exit: failure.code,
        message: `The rollout on "${failure.environment}" is paused`,
        why: [`since ${failure.since}: ${failure.command}`],
        nextActions: [`shopctl scale resume --env ${failure.environment}`],
      };
    case "port-in-use":
      return {
        exit: failure.code,
        message: `A port that "${failure.environment}" needs is taken`,
        why: [failure.reason],
        nextActions: ["ss -ltnp   (shows who listens)", `shopctl env show --env ${failure.environment}`],
      };
    case "no-disk":
      return {
        exit: failure.code,
        message: "Too little disk space",
        why: [failure.reason],
        nextActions: ["df -h", "SHOPCTL_HOME=/a/larger/disk shopctl …"],
      };
    case "component-missing":
      return {
        exit: failure.code,
        message: `Not installed: ${failure.missing.join(", ")}`,
        why: ["an environment starts these programs on this machine"],
        nextActions: [...failure.install, "shopctl doctor"],
      };
    case "state-corrupt":
      return {
        exit: failure.code,
        message: `The state of "${failure.environment}" cannot be read`,
        why: [failure.reason, "nothing was changed"],
        nextActions: [`shopctl recover --env ${failure.environment}`, lastResort(failure.environment)],
      };
    case "state-missing":
      return explainMissingState(failure);
    case "creation-left":
      return explainLeftCreation(failure);
    case "interrupted":
      return {
        exit: failure.code,
        message: `An earlier run on "${failure.environment}" was killed`,
        why: [failure.what],
        nextActions: failure.next,
      };
    case "unsupported":
      return { exit: failure.code, message: failure.what, why: [failure.why], nextActions: ["shopctl doctor"] };
    case "not-found":
      return { exit: failure.code, message: failure.what, why: [failure.why], nextActions: failure.next };
    case "stopped":
      return {
        exit: failure.signal === "SIGINT" ? "interrupt" : "terminated",
        message: `Stopped by ${failure.signal} during ${failure.during}`,
        why: ["the running operation was finished and its result recorded"],
        nextActions: failure.next,
      };
    case "internal":
      return {
        exit: failure.code,
        message: "shopctl has a fault",
        why: [failure.reason],
        nextActions: ["run it again with DEBUG=* and report what it prints"],
      };
    default:
      throw new TypeError(`a failure of no kind: ${JSON.stringify(failure satisfies never)}`);
  }
}

/** A creation that went on and failed again: what failed, and that nothing was taken away. */
function explainLeftCreation({ cause, next }: Extract<Failure, { code: "creation-left" }>): Explanation {
  const { exit, message, why, nextActions } = explain(cause);
  const others = nextActions.filter((action) => !next.includes(action));
  return {
    exit,
    message,
    why: [...why, "what an earlier run made is left as it is"],
    nextActions: [...next, ...others],
  };
}

function whichEnvironment(names: readonly string[]): Explanation {
  return names.length === 0
    ? {
        exit: "no-such-environment",
        message: "There is no environment yet",
        why: [],
        nextActions: ["shopctl env create demo"],
      }
    : {
        exit: "configuration",
        message: "Which environment?",
        why: [known("environments", names)],
        nextActions: [`--env ${names[0]}`, `export SHOPCTL_ENV=${names[0]}`],
      };
}
