import { Args, Flags } from "@oclif/core";
import { topologySchema } from "../../../infra/topology/topology.ts";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { ReplicationReport } from "../../rollout/change-replication.ts";

const modes = topologySchema.shape.replication.unwrap().options;

/** Whether a commit waits until a replica has it. */
export default class DbReplication extends ShopctlCommand {
  static override summary = "Let commits wait for a replica, or not, while shoppers go on";
  static override description = `With synchronous replication a commit is acknowledged when a replica has it on disk, so that a failover loses no
order that a customer was told of; each write takes a round trip longer, and while no replica follows, writes wait. With
asynchronous replication (the default) they wait for nobody, and a failover loses what the primary had not sent. The change
is one update that restarts nothing, and the other mode takes it back; steps keep it.`;
  static override examples = [
    "<%= config.bin %> db replication synchronous --env demo",
    { description: "Back again", command: "<%= config.bin %> db replication asynchronous --yes" },
  ];
  static override args = {
    mode: Args.custom<(typeof modes)[number]>({ options: [...modes] })({
      description: "whether commits wait",
      required: true,
    }),
  };
  static override flags = {
    ...environmentFlag,
    yes: Flags.boolean({ char: "y", description: "change it without asking" }),
  };

  async run(): Promise<ReplicationReport> {
    const { args, flags } = await this.parse(DbReplication);
    const session = await this.openLocalSession(flags.env);
    const [{ changeReplication }, { confirmYes }] = await Promise.all([
      import("../../rollout/change-replication.ts"),
      import("../../adapters/confirm.ts"),
    ]);
    const { name } = session.environment;
    if (!flags.yes)
      await confirmYes({
        what: `Make the replication of "${name}" ${args.mode}`,
        confirmWith: `shopctl db replication ${args.mode} --env ${name} --yes`,
      });
    const report = await changeReplication(session, args.mode);
    this.log(
      report.before === report.replication
        ? `replication is ${report.replication} already; nothing to do`
        : `replication is ${report.replication} (${report.seconds} s)`,
    );
    return report;
  }
}
