import { setTimeout as delay } from "node:timers/promises";
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
    const advice = await this.#advise(flags.env, flags.window);
    const { renderRecommendation } = await import("../../render/recommendation.ts");
    this.log(renderRecommendation(advice));
    if (flags["exit-code"]) this.#finish(advice);
    return advice;
  }

  async #advise(name: string | undefined, windowSeconds: number): Promise<Recommendation> {
    const [{ runningTopology }, { takeMeasurements }, { recommend }, { steps }, { costOf }] = await Promise.all([
      import("../../rollout/running-topology.ts"),
      import("../../adapters/metrics/take-measurements.ts"),
      import("../../advice/recommend.ts"),
      import("../../phases/index.ts"),
      import("../../planning/cost.ts"),
    ]);
    const session = await this.openSession(name);
    const { environment } = session;
    const topology = await runningTopology(session);
    const measurements = await takeMeasurements({
      environment,
      target: await session.target(),
      topology,
      windowSeconds,
      wait: (ms) => delay(ms),
      say: (line) => this.say(line),
    });
    return recommend({
      environment: environment.name,
      now: new Date().toISOString(),
      topology,
      steps,
      measurements,
      costOf: (one) => costOf(one).usdPerMonth,
    });
  }

  #finish({ steps }: Recommendation): void {
    const verdicts = new Set(steps.map(({ verdict }) => verdict));
    if (verdicts.has("due") || verdicts.has("blocked")) this.finishWith("step-due");
    else if (verdicts.has("insufficient-evidence")) this.finishWith("insufficient-evidence");
  }
}
