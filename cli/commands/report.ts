import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../command.ts";
import type { ReportData } from "../rollout/report-data.ts";

/** Where a shop stands on its road, for people who do not use a terminal. */
export default class Report extends ShopctlCommand {
  static override summary = "Write a page about where the shop stands: steps, signals, capacity, cost, rollouts";
  static override description = `One HTML file with everything inside: no script, nothing is loaded from anywhere, light or dark, for print and phones.
--markdown prints the short form for a comment on a pull request instead.`;
  static override examples = [
    "<%= config.bin %> report --env demo --out report.html",
    "<%= config.bin %> report --markdown > comment.md",
  ];
  static override flags = {
    ...environmentFlag,
    out: Flags.string({ description: "write the page", helpValue: "FILE" }),
    markdown: Flags.boolean({ description: "print Markdown", exclusive: ["json"] }),
  };

  async run(): Promise<ReportData> {
    const { flags } = await this.parse(Report);
    await this.requireOutput("--out", flags.out);
    const session = await this.openSession(flags.env);
    const { reportData } = await import("../rollout/report-data.ts");
    const report = await reportData(session, { say: (line) => this.say(line) });
    if (flags.out !== undefined) await this.#write(flags.out, report);
    if (flags.markdown || flags.out === undefined) {
      const { reportMarkdown } = await import("../render/report-markdown.ts");
      this.log(reportMarkdown(report));
    }
    return report;
  }

  async #write(file: string, report: ReportData): Promise<void> {
    const { reportPage } = await import("../render/pages/report-page.ts");
    await this.writeOutput(file, reportPage(report));
    this.say(`written to ${file}`);
  }
}
