/**
 * The one table of exit codes. 2–8 are Pulumi's, the others are shopctl's own; a script may rely on all of them.
 * A code is the name of the failure in `--json` output too.
 */
export const exitCodes = {
  ok: { exit: 0, meaning: "done as asked" },
  internal: { exit: 1, meaning: "a fault in shopctl itself" },
  configuration: { exit: 2, meaning: "bad flag, argument, topology field, project or passphrase" },
  authentication: { exit: 3, meaning: "not allowed: credentials or rights are missing" },
  "deployment-failed": { exit: 4, meaning: "a resource operation failed; what was done stands in the state" },
  policy: {
    exit: 5,
    meaning: "refused: a step is blocked or needed by another, or a build cannot run beside the release that does",
  },
  "no-such-environment": { exit: 6, meaning: "no environment or stack of this name" },
  "unexpected-changes": { exit: 7, meaning: "changes where none were expected" },
  cancelled: { exit: 8, meaning: "not confirmed, so nothing was done" },
  timeout: { exit: 9, meaning: "something took longer than its limit" },
  "insufficient-evidence": { exit: 10, meaning: "a metric that the answer needs is missing" },
  "gate-failed": { exit: 11, meaning: "a step or a deployment failed and was rolled back by itself" },
  "step-due": { exit: 12, meaning: "a step is due (`scale recommend --exit-code`)" },
  locked: { exit: 13, meaning: "another shopctl is at work on the environment" },
  "port-in-use": { exit: 14, meaning: "a port that the environment needs is taken" },
  "no-disk": { exit: 15, meaning: "too little disk space" },
  "component-missing": { exit: 16, meaning: "a program that shopctl starts is not installed" },
  "state-corrupt": { exit: 17, meaning: "the recorded state is torn, missing, or was tampered with" },
  "no-such-step": { exit: 18, meaning: "no step or phase of this name" },
  interrupted: { exit: 19, meaning: "an earlier run was killed and must be finished first" },
  "already-exists": { exit: 20, meaning: "an environment of this name exists" },
  "verification-failed": { exit: 21, meaning: "a done step's proof does not hold on the host" },
  unsupported: { exit: 22, meaning: "the chosen engine or host cannot do this" },
  "not-found": { exit: 23, meaning: "no such backup, process or file in the environment" },
  "changes-pending": { exit: 24, meaning: "the plan has changes (`scale plan --exit-code`)" },
  "plan-stale": { exit: 25, meaning: "what a saved plan was bound to has moved (`scale apply --plan`)" },
  paused: { exit: 26, meaning: "the rollout is paused; `scale resume` lets it go on" },
  "over-budget": { exit: 27, meaning: "the bill is over the budget (`cost --budget`)" },
  interrupt: { exit: 130, meaning: "stopped by SIGINT after the running operation was finished (128 + 2)" },
  terminated: {
    exit: 143,
    meaning: "stopped by SIGTERM, or a terminal that was closed, after the running operation was finished (128 + 15)",
  },
} as const satisfies Record<string, { readonly exit: number; readonly meaning: string }>;

export type ExitName = keyof typeof exitCodes;
