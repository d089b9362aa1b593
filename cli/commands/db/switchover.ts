import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { PrimaryReport } from "../../rollout/change-primary.ts";

/** Another database server as the primary, while everybody goes on. */
export default class DbSwitchover extends ShopctlCommand {
  static override summary = "Make a replica the primary while shoppers go on, and the primary a replica";
  static override description = `Queries wait in the pooler for less than a second while the primary stops in order, the replica has all of its log
and is promoted; none fails and nothing is lost. When the replica is far behind, or a transaction stays open, nothing is changed.
The servers are numbered: 0 is the first one. Going back is another switchover.`;
  static override examples = [
    "<%= config.bin %> db switchover --env demo",
    "<%= config.bin %> db switchover --to 0 --yes",
  ];
  static override flags = {
    ...environmentFlag,
    to: Flags.integer({
      description: "number of the server; the one least behind unless said",
      min: 0,
      helpValue: "N",
    }),
    yes: Flags.boolean({ char: "y", description: "switch without asking" }),
  };

  async run(): Promise<PrimaryReport> {
    const { flags } = await this.parse(DbSwitchover);
    const session = await this.openLocalSession(flags.env);
    const [{ changePrimary }, { confirmYes }] = await Promise.all([
      import("../../rollout/change-primary.ts"),
      import("../../adapters/confirm.ts"),
    ]);
    const { name } = session.environment;
    if (!flags.yes)
      await confirmYes({
        what: `Make another server the primary of "${name}"`,
        confirmWith: `shopctl db switchover --env ${name} --yes`,
      });
    const report = await changePrimary(session, { kind: "switchover", to: flags.to });
    this.log(`server ${report.primary} is the primary, server ${report.before} follows it (${report.seconds} s)`);
    return report;
  }
}
