import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { StepRecord } from "../../rollout/step-record.ts";
import type { UpdateRecord } from "../../../infra/engine/engine.ts";

interface HistoryReport {
  readonly schema: "shopctl.scale.history/1";
  readonly environment: string;
  /** Newest first. */
  readonly steps: readonly StepRecord[];
  /** The stack's own history, newest first. */
  readonly updates: readonly UpdateRecord[];
}

/** What was done to an environment, with the evidence of each gate. */
export default class ScaleHistory extends ShopctlCommand {
  static override summary = "Show the steps that were rolled out, with what their gates saw";
  static override examples = [
    "<%= config.bin %> scale history --env demo",
    "<%= config.bin %> scale history --updates --json",
  ];
  static override flags = {
    ...environmentFlag,
    limit: Flags.integer({ char: "n", description: "how many, newest first", default: 20, min: 1 }),
    updates: Flags.boolean({ description: "show the stack's own updates instead of steps" }),
  };

  async run(): Promise<HistoryReport> {
    const { flags } = await this.parse(ScaleHistory);
    const session = await this.openSession(flags.env);
    const [{ RolloutRecords }, engine] = await Promise.all([
      import("../../adapters/rollout-records.ts"),
      session.engine(),
    ]);
    const [records, history] = await Promise.all([
      new RolloutRecords(session.environment.paths.root).list(),
      engine.history(session.stack),
    ]);
    const steps = records.slice(0, flags.limit);
    const updates = history.slice(0, flags.limit);
    if (!this.jsonEnabled()) {
      const { renderSteps, renderUpdates } = await import("../../render/history.ts");
      this.log(flags.updates ? renderUpdates(updates) : renderSteps(steps));
    }
    return { schema: "shopctl.scale.history/1", environment: session.environment.name, steps, updates };
  }
}
