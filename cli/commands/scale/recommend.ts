import { Flags } from "@oclif/core";
import type { Recommendation } from "../../advice/recommend.ts";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import { prometheusFlags } from "../../prometheus-flags.ts";

/** What is due, and why: from the shop's own metrics. */
export default class ScaleRecommend extends ShopctlCommand {
  static override summary = "Say which steps are due, from the shop's own metrics";
  static override description = `Gives each step a verdict with its evidence: done, due, blocked by another step, not yet, or insufficient evidence where a
metric is missing or too little of it is known. A missing metric is never taken for zero. The first line names the
binding constraint: the resource nearest to, or furthest over, its threshold. Read is, in this order, the Prometheus
that --prometheus names, the environment's own, or direct scrapes, which are kept (\`scale watch\` takes more of them).
What has peaks is judged by what it reached for an hour on three of the last seven days.`;
  static override examples = [
    "<%= config.bin %> scale recommend",
    {
      description: "In a CI job: exit 12 when a step is due",
      command: "<%= config.bin %> scale recommend --json --exit-code",
    },
    {
      description: "From a Prometheus that watches several shops",
      command: `<%= config.bin %> scale recommend --prometheus https://prometheus.example.com --selector 'job="shop",env="prod"'`,
    },
  ];
  static override flags = {
    ...environmentFlag,
    ...prometheusFlags,
    window: Flags.integer({
      description: "judge by what happened in the last seconds alone, e.g. during a load test, instead of by days",
      min: 2,
      max: 86_400,
      helpValue: "SECONDS",
    }),
    "exit-code": Flags.boolean({
      description: "exit 12 when a step is due or blocked, 10 when evidence is missing and nothing is due",
    }),
  };

  async run(): Promise<Recommendation> {
    const { flags } = await this.parse(ScaleRecommend);
    const session = await this.openSession(flags.env);
    const [{ runningTopology }, { advise }, { renderRecommendation }, { namedPrometheus }] = await Promise.all([
      import("../../rollout/running-topology.ts"),
      import("../../rollout/advise.ts"),
      import("../../render/recommendation.ts"),
      import("../../adapters/metrics/named-prometheus.ts"),
    ]);
    const advice = await advise(session, await runningTopology(session), {
      ...namedPrometheus(flags, process.env),
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
