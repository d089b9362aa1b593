import { environmentFlag, ShopctlCommand } from "../command.ts";

interface RecoverReport {
  readonly schema: "shopctl.recover/1";
  readonly environment: string;
  /** The copy that replaced a damaged state; undefined when the state was sound. */
  readonly restoredState: { readonly file: string; readonly savedAt: string } | undefined;
  /** Whether its processes were started again because none of them was supervised any more. */
  readonly started: boolean;
  /** Safety backup of what a killed `backup restore` had replaced; undefined when none was killed. */
  readonly finishedRestore: string | undefined;
  /** What ran or lay around without a resource in the state. */
  readonly removed: readonly string[];
}

/** After a crash of the machine, or of shopctl at a bad moment. */
export default class Recover extends ShopctlCommand {
  static override summary =
    "Bring an environment back after a crash: its state, its processes, and what a killed run left";
  static override description =
    "Puts a damaged state back to its last sound copy, starts the processes again after a reboot, ends a restore that was killed, and removes what no resource owns. Data and running processes are not touched. `scale apply` and `scale rollback` do the last part by themselves.";
  static override examples = ["<%= config.bin %> recover --env demo"];
  static override flags = { ...environmentFlag };

  async run(): Promise<RecoverReport> {
    const { flags } = await this.parse(Recover);
    const session = await this.openSession(flags.env);
    const { name, paths } = session.environment;
    const [{ recoverState }, { finishRestore }, { startEnvironment }, { sweepOrphans }, { withRolloutLock }] =
      await Promise.all([
        import("../adapters/recover-state.ts"),
        import("../../infra/local/operations/backups.ts"),
        import("../../infra/local/operations/start.ts"),
        import("../adapters/sweep-orphans.ts"),
        import("../adapters/rollout-lock.ts"),
      ]);
    return await withRolloutLock(paths.root, `recover --env ${name}`, async () => {
      const restoredState = await recoverState(session);
      const started = await startEnvironment(session.environment);
      const safety = await finishRestore(session.environment);
      const removed = await sweepOrphans(session);
      this.log(restoredState === undefined ? "the state is sound" : `the state of ${restoredState.savedAt} is back`);
      this.log(started ? "its processes were started again" : "its processes are supervised");
      if (safety !== undefined) this.log(`a killed restore was ended; the data before it is in ${safety.id}`);
      this.log(removed.length === 0 ? "nothing was left over" : `removed ${removed.join(", ")}`);
      this.log(`next: shopctl scale status --env ${name}`);
      return {
        schema: "shopctl.recover/1",
        environment: name,
        restoredState,
        started,
        finishedRestore: safety?.id,
        removed,
      };
    });
  }
}
