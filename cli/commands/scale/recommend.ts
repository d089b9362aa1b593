import { Flags } from "@oclif/core";
import type { Recommendation } from "../../advice/recommend.ts";
import { environmentFlag, ShopctlCommand } from "../../command.ts";

/** What is due, and why: from the shop's own metrics. */
export default class ScaleRecommend extends ShopctlCommand {
  static override summary = "Say which steps are due, from the shop's own metrics";
  static override description = `Scrapes every instance twice and gives each step a verdict with its evidence: done, due, blocked by another step,
not yet, or insufficient evidence where a metric is missing. A missing metric is never taken for zero. The first line
names the binding constraint: the resource nearest to, or furthest over, its threshold. Scrapes are kept, so that the
next call has a longer window. There is no forecast in this version, so no step is ever "soon".`;
  static override examples = [
    "<%= config.bin %> scale recommend",
    {
      description: "In a CI job: exit 12 when a step is due",
      command: "<%= config.bin %> scale recommend --json --exit-code",
    },
  ];
  static override flags = {
    ...environmentFlag,
    window: Flags.integer({
      description: "seconds between the two scrapes; fresh kept scrapes serve as the first",
      default: 10,
      min: 2,
      max: 900,
    }),
    "exit-code": Flags.boolean({
      description: "exit 12 when a step is due or blocked, 10 when evidence is missing and nothing is due",
    }),
  };

  async run(): Promise<Recommendation> {
    const { flags } = await this.parse(ScaleRecommend);
    const session = await this.openSession(flags.env);
    const [{ runningTopology }, { advise }, { renderRecommendation }] = await Promise.all([
      import("../../rollout/running-topology.ts"),
      import("../../rollout/advise.ts"),
      import("../../render/recommendation.ts"),
    ]);
    const advice = await advise(session, await runningTopology(session), {
      windowSeconds: flags.window,
      say: (line) => this.say(line),
    });
    this.log(renderRecommendation(advice));
    if (flags["exit-code"]) this.#finish(advice);
    return advice;
  }

  #finish({ steps }: Recommendation): void {
    const verdicts = new Set(steps.map(({ verdict }) => verdict));
    if (verdicts.has("due") || verdicts.has("blocked")) this.finishWith("step-due");
    else if (verdicts.has("insufficient-evidence")) this.finishWith("insufficient-evidence");
  }
}
