import { Flags } from "@oclif/core";
import { ShopctlCommand } from "../command.ts";
import type { ChildCommands } from "../demo/child-command.ts";
import type { DemoOutcome } from "../demo/run-demo.ts";

const environment = "demo";

/** Shows the main job on this machine, with a real shop and real traffic. */
export default class Demo extends ShopctlCommand {
  static override summary = "Scale a real shop through phase 1 under live traffic, and say what changed";
  static override description = `Creates the environment "${environment}" at the baseline, fills it with users and products, sends shoppers,
asks for advice, plans phase 1 and applies it step by step while the shoppers go on. Ends with one table. An environment
"${environment}" from an earlier demo is destroyed first. Everything stays on 127.0.0.1.`;
  static override examples = [
    { description: "Run the whole demo (3 to 5 minutes)", command: "<%= config.bin %> demo" },
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
    window: Flags.integer({ description: "seconds to measure before and after", default: 45, min: 5, max: 300 }),
    destroy: Flags.boolean({ description: "destroy the demo's environment and end", exclusive: ["users", "products"] }),
  };

  async run(): Promise<object> {
    const { flags } = await this.parse(Demo);
    this.environmentName = environment;
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
    flags: { users: number; products: number; window: number },
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
        { environment, users, products, windowSeconds, signal: stop.signal },
        { commands, say: (line) => this.say(line) },
      );
      this.log(`\n${closingTable(outcome)}\n`);
      this.log(this.#closingWords(outcome));
      return outcome;
    } finally {
      stop.close();
    }
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
