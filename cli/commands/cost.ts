import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../command.ts";
import type { CostReport } from "../rollout/cost-report.ts";

/** What a shop costs a month: what runs, what a file describes, or what a plan would make of it. */
export default class Cost extends ShopctlCommand {
  static override summary = "Say what a shop costs a month, line by line, with every assumption";
  static override description = `Prices come from dated tables that shopctl brings; nothing is fetched. An environment and a saved plan have the
prices of where they run, anything else the growth plan's; --target wins over both, to ask what it would cost
elsewhere. What runs in an environment is priced with the shop's own usage: requests, mails, gigabytes. With --users,
usage is scaled to so many; without an environment it is the growth plan's, scaled linearly, and without a topology
too it is the growth plan's road at so many users. Where usage needs more than a plan gives, the line says so; the
sum then is what the plans cost, not what it would take.`;
  static override examples = [
    "<%= config.bin %> cost --env demo",
    "<%= config.bin %> cost --users 100000",
    { description: "The same on AWS", command: "<%= config.bin %> cost --users 100000 --target aws" },
    {
      description: "In CI: exit 27 when a plan makes the shop dearer than 150 a month",
      command: "<%= config.bin %> cost --diff plan.json --budget 150",
    },
  ];
  static override flags = {
    ...environmentFlag,
    topology: Flags.string({
      description: "YAML or JSON of a topology, instead of an environment",
      helpValue: "FILE",
      exclusive: ["env", "diff"],
    }),
    users: Flags.integer({ description: "for so many users", min: 1, max: 10_000_000 }),
    target: Flags.option({
      options: ["local", "aws"] as const,
      description:
        "whose prices: the growth plan's (local) or AWS's; without it those of where the environment or the plan runs, and else local",
    })(),
    diff: Flags.string({ description: "what a saved plan makes of the bill", helpValue: "PLAN" }),
    budget: Flags.string({ description: "USD a month; more exits with 27", helpValue: "USD" }),
    picture: Flags.string({ description: "draw the break-evens as SVG", helpValue: "FILE" }),
  };

  async run(): Promise<CostReport> {
    const { flags } = await this.parse(Cost);
    await this.requireOutput("--picture", flags.picture);
    const { costQuestion } = await import("../rollout/cost-question.ts");
    const { budgetOf, costReport } = await import("../rollout/cost-report.ts");
    const budgetUsdPerMonth = flags.budget === undefined ? undefined : budgetOf(flags.budget);
    const subject = await costQuestion(flags, (name) => this.openSession(name));
    const { environment, target, runsOn } = subject;
    if (runsOn !== null && runsOn !== target) {
      this.say(`${environment} runs on ${runsOn}; this bill is by ${target} prices, as --target asks`);
    }
    const report = costReport({ ...subject, budgetUsdPerMonth });
    if (flags.picture !== undefined) await this.#draw(flags.picture);
    if (!this.jsonEnabled()) {
      const { renderCost } = await import("../render/cost.ts");
      this.log(renderCost(report));
    }
    if (report.budget?.within === false) this.finishWith("over-budget");
    return report;
  }

  async #draw(file: string): Promise<void> {
    const { breakEvenPicture } = await import("../render/charts/break-even-picture.ts");
    await this.writeOutput(file, breakEvenPicture());
    this.say(`break-evens drawn to ${file}`);
  }
}
