import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../command.ts";
import type { RecoverReport } from "../rollout/recover-environment.ts";

/** After a crash of the machine, or of shopctl at a bad moment. */
export default class Recover extends ShopctlCommand {
  static override summary =
    "Bring an environment back after a crash: its state, its processes, and what a killed run left";
  static override description = `Says what it found and what it does about it, then does it: puts a damaged state back to its last sound copy, starts
the processes again after a reboot, ends a restore that was killed, removes what no resource owns (processes, services,
routes, invalid indexes, replication slots), frees the lock of a run that is gone, brings a step that was left half-way to an end, and data that lies half-moved (partitions, archive, indexes) to where
the stack has it. No row is lost, and running processes that belong to the environment are not touched. \`scale apply\` and \`scale rollback\` do the last two by themselves.`;
  static override examples = [
    "<%= config.bin %> recover --env demo",
    { description: "Only say what would be done", command: "<%= config.bin %> recover --env demo --dry-run" },
  ];
  static override flags = {
    ...environmentFlag,
    "dry-run": Flags.boolean({ description: "say what was found and would be done, and change nothing" }),
  };

  async run(): Promise<RecoverReport> {
    const { flags } = await this.parse(Recover);
    const session = await this.openSession(flags.env);
    const { name } = session.environment;
    const [{ recoveryFindings }, { recoverEnvironment }, { renderFindings, renderRecovery }] = await Promise.all([
      import("../rollout/recovery-findings.ts"),
      import("../rollout/recover-environment.ts"),
      import("../render/recovery.ts"),
    ]);
    const findings = await recoveryFindings(session);
    this.say(renderFindings(findings));
    if (flags["dry-run"]) return nothingDone(name, findings);
    const report = await recoverEnvironment(session, findings);
    this.log(renderRecovery(report));
    return report;
  }
}

function nothingDone(environment: string, findings: RecoverReport["findings"]): RecoverReport {
  return {
    schema: "shopctl.recover/1",
    environment,
    dryRun: true,
    findings,
    restoredState: undefined,
    started: false,
    finishedRestore: undefined,
    removed: [],
    wentOn: undefined,
    settled: [],
  };
}
