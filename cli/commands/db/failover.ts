import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { PrimaryReport } from "../../rollout/change-primary.ts";

/** A replica in the place of a primary that is gone. */
export default class DbFailover extends ShopctlCommand {
  static override summary = "Put a replica in the place of a primary that does not answer";
  static override description = `What the process replication-guard does by itself within seconds, by hand: the primary is killed and its data put aside, so
that it cannot take a write when it comes back; the replica that has the most is promoted; the old one becomes a replica, as a
new copy. With asynchronous replication what the primary acknowledged and did not send is lost (it stays in its data folder's
copy "….replaced" until the next failover). Refused while the primary answers.`;
  static override examples = ["<%= config.bin %> db failover --env demo"];
  static override flags = {
    ...environmentFlag,
    to: Flags.integer({
      description: "number of the server; the one with the most unless said",
      min: 0,
      helpValue: "N",
    }),
    yes: Flags.boolean({ char: "y", description: "fail over without asking" }),
  };

  async run(): Promise<PrimaryReport> {
    const { flags } = await this.parse(DbFailover);
    const session = await this.openLocalSession(flags.env);
    const [{ changePrimary }, { confirmYes }] = await Promise.all([
      import("../../rollout/change-primary.ts"),
      import("../../adapters/confirm.ts"),
    ]);
    const { name } = session.environment;
    if (!flags.yes)
      await confirmYes({
        what: `Give up the primary of "${name}" for a replica`,
        confirmWith: `shopctl db failover --env ${name} --yes`,
      });
    const report = await changePrimary(session, { kind: "failover", to: flags.to });
    this.log(
      `server ${report.primary} is the primary, server ${report.before} follows it as a new copy (${report.seconds} s)`,
    );
    return report;
  }
}
