import type { RecoverReport } from "../rollout/recover-environment.ts";
import type { RecoveryFinding } from "../rollout/recovery-findings.ts";

/** What recovery found, and does about it. */
export function renderFindings(findings: readonly RecoveryFinding[]): string {
  if (findings.length === 0) return "nothing was found that a crash or a killed run had left";
  return findings.map(({ what, remedy }) => `found: ${what} → ${remedy}`).join("\n");
}

/** What recovery did. */
export function renderRecovery(report: RecoverReport): string {
  const { environment, restoredState, started, finishedRestore, removed, wentOn, settled } = report;
  return [
    restoredState === undefined ? "the state is sound" : `the state of ${restoredState.savedAt} is back`,
    started ? "its processes were started again" : "its processes are supervised",
    ...(finishedRestore === undefined
      ? []
      : [`a killed restore was ended; the data before it is in ${finishedRestore}`]),
    removed.length === 0 ? "nothing was left over" : `removed ${removed.join(", ")}`,
    ...(wentOn === undefined ? [] : [`went on with ${wentOn.step}, which a killed run had left`]),
    ...settled.map((what) => `settled: ${what}`),
    `next: shopctl scale status --env ${environment}`,
  ].join("\n");
}
