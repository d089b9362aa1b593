import { Flags } from "@oclif/core";
import { environmentFlag, ShopctlCommand } from "../../command.ts";
import type { CapacityResult } from "../../planning/capacity/capacity-result.ts";
import { figures } from "../../../service/contract/figures.ts";

/** The knee of what runs: the highest rate at which every objective is kept. */
export default class LoadCapacity extends ShopctlCommand {
  static override summary = "Find the rate at which the running topology stops keeping its objectives";
  static override description = `Open-loop shoppers in the growth plan's mix at rising rates, each warmed up and counted apart, until an objective breaks:
p95 from the scheduled start, failed requests, or a queue that grows. A rate that breaks one is tried once more, so that a
single stall is no knee; then the knee is closed in to 4%, each rate counted three times as long. To the points Gunther's
universal scalability law is fitted. The result is kept with the environment and holds for the topology that ran; advice,
\`scale simulate\` and \`load verify\` read it. Orders are placed in the shop and mails are sent. Load goes to this host only,
in at most --tries different rates. Ends with exit code 10 when the bounds were reached before the knee.`;
  static override examples = [
    "<%= config.bin %> load capacity --env demo",
    "<%= config.bin %> load capacity --objective-ms 500 --html capacity.html",
  ];
  static override flags = {
    ...environmentFlag,
    users: Flags.integer({ description: "seeded users that shop; all there are by default", min: 1, max: 1_000_000 }),
    from: Flags.integer({ description: "first rate; by default the growth plan's for the users", min: 1, max: 5_000 }),
    most: Flags.integer({ description: "highest rate that is tried", default: 2_000, min: 1, max: 5_000 }),
    tries: Flags.integer({ description: "different rates that are tried at most", default: 16, min: 1, max: 40 }),
    seconds: Flags.integer({ description: "seconds that a rate is counted for", default: 5, min: 2, max: 60 }),
    "warm-up": Flags.integer({ description: "seconds before the first rate counts", default: 8, min: 0, max: 120 }),
    "objective-ms": Flags.integer({
      description: "p95 that must be kept, in milliseconds",
      default: figures.objectives.responseSecondsMax * 1_000,
      min: 1,
      max: 60_000,
    }),
    seed: Flags.integer({ description: "equal seeds send equal shoppers", default: 1, min: 0 }),
    html: Flags.string({ description: "write the result as a page", helpValue: "FILE" }),
  };

  async run(): Promise<CapacityResult> {
    const { flags } = await this.parse(LoadCapacity);
    await this.requireOutput("--html", flags.html);
    const session = await this.openLocalSession(flags.env);
    const [{ targetOfEnvironment }, { rateOf }, { runningTopology }, { measureCapacity }] = await Promise.all([
      import("../../load/load-target.ts"),
      import("../../load/mix.ts"),
      import("../../rollout/running-topology.ts"),
      import("../../rollout/measure-capacity.ts"),
    ]);
    const { StopSignal } = await import("../../adapters/stop-signal.ts");
    const { renderCapacity, renderPoint } = await import("../../render/capacity.ts");
    const topology = await runningTopology(session);
    const target = await targetOfEnvironment(session, flags.users);
    const stop = new StopSignal(() => this.say("Stopping: waiting up to 2 s for the last answers …"));
    try {
      const result = await measureCapacity(session, {
        target,
        topology,
        bounds: {
          firstRate: flags.from ?? Math.ceil(rateOf(target.users)),
          mostRate: flags.most,
          mostTries: flags.tries,
        },
        objectives: { p95Ms: flags["objective-ms"], failures: 0 },
        warmUpSeconds: flags["warm-up"],
        secondsPerRate: flags.seconds,
        seed: flags.seed,
        signal: stop.signal,
        say: (line) => this.say(line),
        onPoint: (point) => this.say(renderPoint(point)),
      });
      this.log(renderCapacity(result));
      if (flags.html !== undefined) await this.#write(flags.html, result);
      if (result.ended !== "breach") this.finishWith("insufficient-evidence");
      return result;
    } finally {
      stop.close();
      if (stop.name !== undefined) this.finishWith(stop.name === "SIGINT" ? "interrupt" : "terminated");
    }
  }

  async #write(file: string, result: CapacityResult): Promise<void> {
    const { capacityPage } = await import("../../render/pages/capacity-page.ts");
    await this.writeOutput(file, capacityPage(result));
    this.say(`written to ${file}`);
  }
}
