import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { FailureError } from "../../errors/failure.ts";
import type { SimulateReport } from "../../rollout/simulate-report.ts";

/** What more users, or another topology, would make of the shop. */
export default class ScaleSimulate extends ShopctlCommand {
  static override summary = "Predict utilisation, the first breach and cost for other users or another topology";
  static override description = `What a request takes of each processor is taken from the newest \`load capacity\` of the topology, or else of another one;
mails and storage grow with the users. \`load verify\` checks what is predicted. Changes nothing and sends nothing.`;
  static override examples = [
    "<%= config.bin %> scale simulate --users 60000",
    "<%= config.bin %> scale simulate --at 2027-03 --growth 8",
    {
      description: "What larger instances would serve",
      command: "<%= config.bin %> scale simulate --topology pro.yaml",
    },
  ];
  static override flags = {
    ...environmentFlag,
    users: Flags.integer({ description: "so many users; those there are by default", min: 1, max: 10_000_000 }),
    at: Flags.string({
      description: "users in a month to come",
      helpValue: "YYYY-MM",
      exclusive: ["users"],
      dependsOn: ["growth"],
    }),
    growth: Flags.integer({ description: "percent a month, for --at", min: 0, max: 1_000 }),
    topology: Flags.string({ description: "YAML or JSON of another topology", helpValue: "FILE" }),
  };

  async run(): Promise<SimulateReport> {
    const { flags } = await this.parse(ScaleSimulate);
    const session = await this.openSession(flags.env);
    const [{ runningTopology }, { readTopologyFile }, { usageOf }, { scaleUsage }, { simulateReport }] =
      await Promise.all([
        import("../../rollout/running-topology.ts"),
        import("../../adapters/topology-file.ts"),
        import("../../rollout/cost-question.ts"),
        import("../../planning/cost/usage.ts"),
        import("../../rollout/simulate-report.ts"),
      ]);
    const topology =
      flags.topology === undefined ? await runningTopology(session) : await readTopologyFile(flags.topology);
    const now = await usageOf(session, undefined);
    const usersNow = now.users.value;
    const users = flags.users ?? (await this.#usersAt(usersNow, flags));
    const report = await simulateReport(session, { topology, users, usersNow, usage: scaleUsage(now, users) });
    const { renderSimulation } = await import("../../render/simulation.ts");
    this.log(renderSimulation(report));
    if (report.calibratedBy === null) this.finishWith("insufficient-evidence");
    return report;
  }

  async #usersAt(
    users: number,
    { at, growth }: { at: string | undefined; growth: number | undefined },
  ): Promise<number> {
    if (at === undefined || growth === undefined) return users;
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(at)) {
      const next = ["shopctl scale simulate --at 2027-03 --growth 8"];
      throw new FailureError({
        code: "configuration",
        what: `--at ${at} is no month`,
        why: "a month is YYYY-MM",
        next,
      });
    }
    const { hasPassed, usersAt } = await import("../../planning/capacity/users-at.ts");
    const now = new Date();
    if (hasPassed(at, now)) {
      const next = [`shopctl scale simulate --at ${now.getUTCFullYear() + 1}-03 --growth ${growth}`];
      throw new FailureError({
        code: "configuration",
        what: `--at ${at} has passed`,
        why: "it is of a month to come",
        next,
      });
    }
    return usersAt(users, { from: now, month: at, percentAMonth: growth });
  }
}
