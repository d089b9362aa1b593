import { Flags } from "@oclif/core";
import { ShopctlCommand } from "../command.ts";
import type { ChildCommands } from "../demo/child-command.ts";
import type { DemoOutcome } from "../demo/run-demo.ts";

const environment = "demo";

/** Shows the main job on this machine, with a real shop and real traffic. */
export default class Demo extends ShopctlCommand {
  static override summary = "Scale a real shop through its phases under live traffic, and say what changed";
  static override description = `Creates the environment "${environment}" at the baseline, fills it with users and products, sends shoppers,
asks for advice, plans phase 1 (or all phases up to --to) and applies it step by step while the shoppers go on. Ends with one
table, and a picture of latency and throughput over the rollout with its steps marked. An environment
"${environment}" from an earlier demo is destroyed first. Everything stays on 127.0.0.1.`;
  static override examples = [
    { description: "Run the whole demo (3 to 5 minutes)", command: "<%= config.bin %> demo" },
    { description: "The whole road (up to 15 minutes)", command: "<%= config.bin %> demo --to 3" },
    { description: "Remove everything that it made", command: "<%= config.bin %> demo --destroy" },
  ];
  static override flags = {
    users: Flags.integer({
      description: "users of the shop; decides the traffic",
      default: 8_500,
      min: 100,
      max: 20_000,
    }),
    products: Flags.integer({ description: "products of the shop", default: 2_000, min: 20, max: 20_000 }),
    to: Flags.integer({ description: "the last phase to apply", default: 1, min: 1, max: 3, helpValue: "PHASE" }),
    picture: Flags.string({
      description: "where to draw latency and throughput as SVG [default: rollout.svg in the environment's folder]",
      helpValue: "FILE",
    }),
    window: Flags.integer({ description: "seconds to measure before and after", default: 45, min: 5, max: 300 }),
    destroy: Flags.boolean({ description: "destroy the demo's environment and end", exclusive: ["users", "products"] }),
  };

  async run(): Promise<object> {
    const { flags } = await this.parse(Demo);
    this.environmentName = environment;
    await this.requireOutput("--picture", flags.picture);
    const { childCommands } = await import("../demo/child-command.ts");
    const commands = childCommands({ json: this.jsonEnabled(), announce: (line) => this.say(`\n${line}`) });
    const exists = await this.#exists();
    if (!exists && flags.destroy) this.say(`There is no environment "${environment}"; nothing to destroy.`);
    if (exists) await commands.run(["env", "destroy", environment, "--confirm", environment]);
    if (flags.destroy) return { schema: "shopctl.demo/1", destroyed: environment };
    const outcome = await this.#show(flags, commands);
    if (outcome.total.failures > 0) this.finishWith("verification-failed");
    return { schema: "shopctl.demo/1", environment, ...outcome };
  }

  async #show(
    flags: { users: number; products: number; window: number; to: number; picture: string | undefined },
    commands: ChildCommands,
  ): Promise<DemoOutcome> {
    const [{ runDemo }, { StopSignal }, { closingTable }] = await Promise.all([
      import("../demo/run-demo.ts"),
      import("../adapters/stop-signal.ts"),
      import("../demo/closing-table.ts"),
    ]);
    const stop = new StopSignal(() => this.say("Stopping: the running command finishes what it has begun …"));
    try {
      const { users, products, window: windowSeconds } = flags;
      const outcome = await runDemo(
        { environment, users, products, toPhase: flags.to, windowSeconds, signal: stop.signal },
        { commands, say: (line) => this.say(line) },
      );
      this.log(`\n${closingTable(outcome)}\n`);
      await this.#draw(outcome, flags.picture);
      this.log(this.#closingWords(outcome));
      return outcome;
    } finally {
      stop.close();
    }
  }

  async #draw({ series, steps }: DemoOutcome, file: string | undefined): Promise<void> {
    const [{ rolloutPicture }, { pathPlanOf }, { stateHome }] = await Promise.all([
      import("../render/charts/rollout-picture.ts"),
      import("../../infra/environment/path-plan.ts"),
      import("../../infra/environment/store.ts"),
    ]);
    const target = file ?? `${pathPlanOf(stateHome(process.env), environment).root}/rollout.svg`;
    const marked = steps.map(({ step, startedAt, endedAt }) => ({
      name: step,
      fromMs: Date.parse(startedAt),
      toMs: Date.parse(endedAt ?? startedAt),
    }));
    await this.writeOutput(target, rolloutPicture(series, marked));
    this.log(`Latency and throughput over time, with the steps: ${target}\n`);
  }

  #closingWords({ total }: DemoOutcome): string {
    const failed = total.failures === 0 ? "none failed" : `${total.failures} FAILED`;
    return [
      `Of ${total.sent.toLocaleString("en-US")} requests over the whole demo, ${failed}.`,
      ...total.failed.map(({ at, action, outcome, detail }) => `  ${at} ${action}: ${outcome} ${detail}`),
      "",
      "Look around:",
      `  shopctl scale status --env ${environment}      what runs, and what it costs`,
      `  shopctl scale history --env ${environment}     each step with its gate`,
      `  shopctl mail --env ${environment}              what the shop sent`,
      `  shopctl logs web --env ${environment}          what the shop says`,
      `  shopctl backup list --env ${environment}`,
      `  shopctl scale rollback --last --env ${environment}`,
      "Remove it:",
      "  npm run demo -- --destroy",
    ].join("\n");
  }

  async #exists(): Promise<boolean> {
    const { listEnvironments, stateHome } = await import("../../infra/environment/store.ts");
    return (await listEnvironments(stateHome(process.env))).some(({ name }) => name === environment);
  }
}
